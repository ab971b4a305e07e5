// Reads the workflow files named on the command line with GitHub's own parser, and prints what it
// has to say as JSON. Bundled before it runs: the parser imports JSON, which Node 20 does not do.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from "@actions/workflow-parser";

function localFiles(workflow) {
  const root = workflow.slice(0, Math.max(workflow.lastIndexOf(".github/"), 0));
  return {
    async getFileContent(reference) {
      if ("repository" in reference) {
        // Nothing is fetched. A workflow of another repository counts as one that takes anything.
        throw new Error(`not a local workflow: ${reference.repository}`);
      }
      const name = join(root, reference.path);
      if (!existsSync(name)) {
        throw new Error(`no such workflow: ${reference.path}`);
      }
      return { name, content: readFileSync(name, "utf8") };
    },
  };
}

function callsOnlyLocal(content) {
  return !/^\s+uses:\s*["']?[^.\s][^\s]*\.ya?ml@/m.test(content);
}

async function check(name) {
  const content = readFileSync(name, "utf8");
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (parsed.value && parsed.context.errors.count === 0) {
    // Adds what it finds to the same context.
    await convertWorkflowTemplate(parsed.context, parsed.value, localFiles(name), {
      fetchReusableWorkflowDepth: callsOnlyLocal(content) ? 1 : 0,
      maxReusableWorkflowDepth: 10,
    });
  }
  return parsed.context.errors.getErrors().map((error) => ({
    file: name,
    line: error.range?.start.line ?? 0,
    message: error.message,
  }));
}

async function main(names) {
  const found = await Promise.all(names.map(check));
  process.stdout.write(JSON.stringify(found.flat()));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
