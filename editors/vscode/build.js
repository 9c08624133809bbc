// Bundle the extension with what it needs, and take the licence from the project.
'use strict';

const { buildSync } = require('esbuild');
const { copyFileSync } = require('node:fs');
const { join } = require('node:path');

buildSync({
  entryPoints: [join(__dirname, 'extension.js')],
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  outfile: join(__dirname, 'dist', 'extension.js'),
});
copyFileSync(join(__dirname, '..', '..', 'LICENSE'), join(__dirname, 'LICENSE'));
