// What the client needs to know of the server. No module of VS Code is needed here, so that tests can use it.
'use strict';

const LANGUAGES = ['yaml', 'json', 'jsonc', 'terraform', 'opentofu', 'cloudformation'];

/** Return the program and the arguments that start the server. */
function serverOptions(command, options) {
  const [program, ...first] = command;
  return { command: program, args: [...first, 'lsp', ...options] };
}

/** Return the documents that the server is shown: files, and those that are not saved yet. */
function documentSelector() {
  return LANGUAGES.flatMap((language) => [
    { scheme: 'file', language },
    { scheme: 'untitled', language },
  ]);
}

module.exports = { LANGUAGES, serverOptions, documentSelector };
