// The server, started as the extension starts it, answers the client library that VS Code uses.
'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const test = require('node:test');
const rpc = require('vscode-languageserver-protocol/node');
const { serverOptions } = require('../options');

const COMMAND = JSON.parse(process.env.SERVER_COMMAND || '["lambda-validate"]');
const TEXT = `Resources:
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: arn:aws:sqs:us-west-2:123456789012:orders
      BatchSize: 0
`;

test('a document has findings', { timeout: 60_000 }, async () => {
  const { command, args } = serverOptions(COMMAND, ['--edition', 'current']);
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  const connection = rpc.createProtocolConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
  );
  const shown = new Promise((resolve) => connection.onNotification(rpc.PublishDiagnosticsNotification.type, resolve));
  connection.listen();
  const found = await connection.sendRequest(rpc.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    workspaceFolders: null,
  });
  assert.equal(found.serverInfo.name, 'lambda-validate');
  assert.equal(found.capabilities.positionEncoding, 'utf-16');
  await connection.sendNotification(rpc.InitializedNotification.type, {});
  await connection.sendNotification(rpc.DidOpenTextDocumentNotification.type, {
    textDocument: { uri: 'untitled:Untitled-1', languageId: 'yaml', version: 1, text: TEXT },
  });
  const { diagnostics } = await shown;
  assert.deepEqual(diagnostics.map((each) => [each.code, each.range.start.line]), [['batch-size.minimum', 6]]);
  await connection.sendRequest(rpc.ShutdownRequest.type);
  await connection.sendNotification(rpc.ExitNotification.type);
  assert.equal(await ended, 0);
  connection.dispose();
});
