// Listens to devices, asks them for things, and checks every message against the shipped schemas.
// usage: node subscriber.mjs BROKER-URL SCHEMA-FOLDER REQUIRED-KIND... ; prints a report as JSON; exit code 0: all seen and all valid.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import mqtt from 'mqtt';

const [url, folder, ...required] = process.argv.slice(2);
const patience = Number(process.env.PATIENCE_S ?? 120) * 1000;
const replies = `npm-replies/${randomBytes(6).toString('hex')}`;

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
for (const file of readdirSync(folder).filter(name => name.endsWith('.schema.json')))
  ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')), file);

const seen = {};
const errors = [];
let asked = 0;

const fail = (where, what) => errors.length < 20 && errors.push(`${where}: ${what}`);

function check(schema, body, where) {
  const validate = ajv.getSchema(schema);
  if (!validate) return fail(where, `no schema ${schema}`);
  if (!validate(body)) fail(where, ajv.errorsText(validate.errors));
}

// What a message is by its topic, and the schema that its body keeps.
function kindOf(topic, body) {
  const level = topic.split('/').slice(3).join('/');
  if (topic === replies) return ['command-response', 'command-response.schema.json'];
  if (level === 'status') return ['status', 'status.schema.json'];
  if (level === 'health') return ['health', 'health.schema.json'];
  if (level === 'events') return ['event', 'event.schema.json'];
  if (level === 'config/reported') return ['config-reported', 'config-reported.schema.json'];
  if (/^camera\/[^/]+\/detections$/.test(level)) return [body.trigger ? 'detections-triggered' : 'detections-free-running', 'detections.schema.json'];
  return [];
}

function properties(packet, topic, body) {
  const given = packet.properties?.userProperties ?? {};
  if (packet.retain || topic.endsWith('/status') || topic.endsWith('/config/reported')) return;
  if (given.specversion !== '1.0') fail(topic, 'no CloudEvents properties');
  if (body && given.id !== body.id) fail(topic, `the property id is ${given.id}, the body's ${body.id}`);
  if (body && given.source !== body.source) fail(topic, `the property source is ${given.source}, the body's ${body.source}`);
}

function receive(topic, payload, packet) {
  if (/\/config\/desired$|\/command\//.test(topic)) return;
  if (topic.endsWith('/evidence')) {
    if (payload[0] !== 0xff || payload[1] !== 0xd8) fail(topic, 'no JPEG file');
    if (packet.properties?.contentType !== 'image/jpeg') fail(topic, `content type ${packet.properties?.contentType}`);
    properties(packet, topic);
    seen.evidence = (seen.evidence ?? 0) + 1;
    return;
  }
  let body;
  try {
    body = JSON.parse(payload.toString('utf8'));
  } catch (error) {
    return fail(topic, `no JSON: ${error.message}`);
  }
  const [kind, schema] = kindOf(topic, body);
  if (!kind) return fail(topic, 'a topic that the contract does not have');
  check(schema, body, `${topic} (${kind})`);
  properties(packet, topic, body);
  seen[kind] = (seen[kind] ?? 0) + 1;
  if (kind === 'command-response') seen[`response-${body.command}-${body.code}`] = (seen[`response-${body.command}-${body.code}`] ?? 0) + 1;
}

const client = await mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
client.on('message', (topic, payload, packet) => receive(topic, payload, packet));
await client.subscribeAsync(['yolact/1/#', replies], { qos: 1 });

function ask(device, command, request) {
  if (request !== undefined && command !== 'fly') check(`command-request.schema.json#/$defs/${command}`, request, `request ${command}`);
  return client.publishAsync(`yolact/1/${device}/command/${command}`, request === undefined ? '' : JSON.stringify(request), {
    qos: 1,
    properties: { responseTopic: replies, correlationData: randomBytes(16), messageExpiryInterval: 30 },
  });
}

const missing = () => required.filter(kind => !seen[kind]);
const end = Date.now() + patience;
while (missing().length > 0 && errors.length === 0 && Date.now() < end) {
  // Asked again and again: a device that starts while we listen, or an edge without a frame, must not end the run.
  for (const device of (process.env.DEVICES ?? '').split(',').filter(Boolean)) {
    await ask(device, 'capture');
    await ask(device, 'capture');
    await ask(device, 'snapshot', { max_width: 320, to: asked % 2 === 0 ? 'response' : 'evidence' });
    await ask(device, 'diagnostics', {});
    await ask(device, 'set-log-level', { level: 'information', for_s: 1 });
    await ask(device, 'fly');
  }
  asked++;
  await new Promise(resolve => setTimeout(resolve, 1500));
}
await client.endAsync();
console.log(JSON.stringify({ seen, missing: missing(), errors }, null, 2));
process.exitCode = missing().length === 0 && errors.length === 0 ? 0 : 1;
