// The token ends with the job.
const { ask } = require('./ask.js');

const token = process.env.STATE_token;
if (token) ask(token, 'DELETE', '/installation/token').catch((error) => console.log(error.message));
