// Mints a token with the permissions that the step names, or with all that the App has.
const { createSign } = require('node:crypto');
const { appendFileSync } = require('node:fs');
const { ask } = require('./ask.js');

const input = (name) => process.env[`INPUT_${name.toUpperCase()}`] ?? '';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const put = (file, name, value) => appendFileSync(process.env[file], `${name}=${value}\n`);

function jwt() {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now - 60, exp: now + 540, iss: input('client-id') || input('app-id') };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  const key = input('private-key').replace(/\\n/g, '\n');
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function permissions() {
  const prefix = 'INPUT_PERMISSION-';
  const given = Object.entries(process.env).filter(([name, level]) => name.startsWith(prefix) && level);
  if (given.length === 0) return undefined;
  const name = (variable) => variable.slice(prefix.length).toLowerCase().replaceAll('-', '_');
  return Object.fromEntries(given.map(([variable, level]) => [name(variable), level]));
}

async function main() {
  const [owner, own] = process.env.GITHUB_REPOSITORY.split('/');
  const repositories = input('repositories') ? input('repositories').split(/[\n,]+/) : [own];
  const app = jwt();
  const found = await ask(app, 'GET', `/repos/${owner}/${repositories[0]}/installation`);
  const body = { repositories, permissions: permissions() };
  const minted = await ask(app, 'POST', `/app/installations/${found.id}/access_tokens`, body);
  console.log(`::add-mask::${minted.token}`);
  put('GITHUB_OUTPUT', 'token', minted.token);
  put('GITHUB_OUTPUT', 'installation-id', found.id);
  put('GITHUB_OUTPUT', 'app-slug', found.app_slug);
  put('GITHUB_STATE', 'token', minted.token);
}

main().catch((error) => {
  console.log(`::error::${error.message}`);
  process.exitCode = 1;
});
