// A request to the API of the run's host.
async function ask(token, method, path, body) {
  const answer = await fetch(`${process.env['INPUT_GITHUB-API-URL']}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
  return said ? JSON.parse(said) : undefined;
}

module.exports = { ask };
