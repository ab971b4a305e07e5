// Reads {"contexts": {..}, "expressions": [..]} and prints what GitHub's package for expressions,
// whose entry is named on the command line, makes of each: refused, failed, or a value.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { Evaluator, Lexer, Parser, data, wellKnownFunctions } = await import(pathToFileURL(process.argv[2]).href);
const { contexts, expressions } = JSON.parse(readFileSync(0, "utf8"));

const call = (name, ...values) => wellKnownFunctions[name].call(...values);
const surroundings = call("fromjson", new data.StringData(JSON.stringify(contexts)));

const status = (name, value) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) });
const functions = [
  status("success", false),
  status("failure", true),
  status("always", true),
  status("cancelled", false),
  {
    name: "hashFiles",
    minArgs: 1,
    maxArgs: 255,
    call: () => {
      throw new Error("no files");
    },
  },
];
const byName = new Map(functions.map((each) => [each.name.toLowerCase(), each]));

function evaluate(text) {
  let tree;
  try {
    tree = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), functions).parse();
  } catch {
    return "refused";
  }
  if (tree === undefined) {
    return "refused";
  }
  try {
    const value = new Evaluator(tree, surroundings, byName).evaluate();
    return { json: call("tojson", value).coerceString(), text: value.coerceString() };
  } catch {
    return "failed";
  }
}

process.stdout.write(JSON.stringify(expressions.map(evaluate)));
