// Start `lambda-validate lsp` for the documents that it can check.
'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');
const { documentSelector, serverOptions } = require('./options');

let client;

/** Start the server. VS Code shows why if it cannot be started. */
async function start() {
  const settings = vscode.workspace.getConfiguration('lambdaValidate');
  const server = serverOptions(settings.get('command'), settings.get('arguments'));
  client = new LanguageClient('lambdaValidate', 'lambda-validate', server, { documentSelector: documentSelector() });
  try {
    await client.start();
  } catch (error) {
    const hint = "Install it with: python -m pip install 'lambda-validate[lsp,terraform]'";
    vscode.window.showErrorMessage(`lambda-validate: ${server.command} cannot be started. ${hint}`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running && running.isRunning()) {
    await running.stop();
  }
}

async function restart() {
  await stop();
  await start();
}

function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('lambdaValidate.restart', restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('lambdaValidate')) {
        return restart();
      }
    }),
  );
  return start();
}

module.exports = { activate, deactivate: stop };
