'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { LANGUAGES, documentSelector, serverOptions } = require('../options');
const manifest = require('../package.json');

test('the command comes before lsp, and options after it', () => {
  assert.deepEqual(serverOptions(['python', '-m', 'lambda_validate'], ['--edition', 'current']), {
    command: 'python',
    args: ['-m', 'lambda_validate', 'lsp', '--edition', 'current'],
  });
});

test('each language that starts the extension is shown to the server, saved or not', () => {
  assert.deepEqual(manifest.activationEvents, LANGUAGES.map((each) => `onLanguage:${each}`));
  assert.deepEqual(
    documentSelector().filter((each) => each.language === 'yaml').map((each) => each.scheme),
    ['file', 'untitled'],
  );
});

test('a workspace cannot choose the program', () => {
  const settings = manifest.contributes.configuration.properties;
  for (const [name, setting] of Object.entries(settings)) {
    assert.equal(setting.scope, 'machine');
    assert.ok(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name));
  }
});
