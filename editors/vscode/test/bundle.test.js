// The bundle has all that it needs but VS Code itself.
'use strict';

const assert = require('node:assert/strict');
const { buildSync } = require('esbuild');
const { rmSync } = require('node:fs');
const Module = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const test = require('node:test');

/** Return what stands for any part of VS Code: a class, with parts of its own. */
function anything() {
  return new Proxy(class {}, { get: (target, name) => (name in target ? target[name] : anything()) });
}

test('the bundle exports what VS Code calls', (context) => {
  const outfile = join(tmpdir(), `lambda-validate-${process.pid}.js`);
  context.after(() => rmSync(outfile, { force: true }));
  const entryPoints = [join(__dirname, '..', 'extension.js')];
  buildSync({ entryPoints, bundle: true, platform: 'node', external: ['vscode'], outfile });
  const load = Module._load;
  Module._load = (name, ...rest) => (name === 'vscode' ? anything() : load(name, ...rest));
  const { activate, deactivate } = require(outfile);
  Module._load = load;
  assert.equal(typeof activate, 'function');
  assert.equal(typeof deactivate, 'function');
});
