import { followSession } from './session.js';

const who = document.getElementById('who');
const button = document.getElementById('sign-in');

const ui = globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  domNode: document.getElementById('page'),
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  // Before, it knows of no scheme that a token could be for.
  onComplete: () => {
    button.disabled = false;
  },
});

const join = followSession({
  held({ token, email }) {
    ui.preauthorizeApiKey('bearer', token);
    who.textContent = `Signed in as ${email}`;
    button.hidden = true;
  },
  ended() {
    ui.authActions.logout(['bearer']);
    who.textContent = 'Signed out';
    button.hidden = false;
  },
});

button.addEventListener('click', async () => {
  button.disabled = true;
  who.textContent = '';
  if (!(await join())) {
    const link = document.createElement('a');
    link.href = './';
    link.target = '_blank';
    link.textContent = 'Sign in to the dashboard';
    who.replaceChildren(link, ', then press the button again; or use Authorize with a token or an API key.');
  }
  button.disabled = false;
});
