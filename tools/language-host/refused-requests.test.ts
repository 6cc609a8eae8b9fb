import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { runtime } from '@pulumi/pulumi';
import type * as callbacks from '@pulumi/pulumi/proto/callback_pb.js';
import type * as resources from '@pulumi/pulumi/proto/resource_pb.js';
import type * as structMessages from 'google-protobuf/google/protobuf/struct_pb.js';
import { refusalOf } from './refused-requests.ts';

const require = createRequire(import.meta.url);
const messages = require('@pulumi/pulumi/proto/resource_pb.js') as typeof resources;
const { Callback } = require('@pulumi/pulumi/proto/callback_pb.js') as typeof callbacks;
const { Struct } = require('google-protobuf/google/protobuf/struct_pb.js') as typeof structMessages;

const MONITOR = '/pulumirpc.ResourceMonitor';
const REGISTER = `${MONITOR}/RegisterResource`;

const struct = (properties: object) =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);

const resource = (type: string, properties: object = {}) =>
  new messages.RegisterResourceRequest().setType(type).setObject(struct(properties));

const asset = (signature: string, place: object) => ({
  [runtime.specialSigKey]: signature,
  ...place,
});

describe('of a program in a sandbox', () => {
  test('a resource, a provider, a component and an invoke reach the engine', () => {
    const labels = { 'app.kubernetes.io/name': 'catalog' };
    for (const type of [
      'kubernetes:apps/v1:Deployment',
      'meridian:service:Service',
      'pulumi:pulumi:Stack',
      'pulumi:providers:kubernetes',
    ]) {
      expect(refusalOf(REGISTER, resource(type, { metadata: { labels } }))).toBeUndefined();
    }
    const invoke = new messages.ResourceInvokeRequest().setTok('kubernetes:helm:template');
    expect(refusalOf(`${MONITOR}/Invoke`, invoke)).toBeUndefined();
    expect(refusalOf('/pulumirpc.Engine/Log', {})).toBeUndefined();
  });

  test.each([
    ['a file', asset(runtime.specialAssetSig, { path: '/root/.aws/credentials' })],
    ['an address', asset(runtime.specialAssetSig, { uri: 'http://169.254.169.254/' })],
    ['a folder', asset(runtime.specialArchiveSig, { path: '/' })],
  ])('the engine is not asked to read %s, wherever it is named', (_what, value) => {
    const refusal = 'file of an asset or archive to a resource';
    const nested = { data: [{ deep: value }] };
    expect(refusalOf(REGISTER, resource('kubernetes:core/v1:ConfigMap', nested))).toBe(refusal);
    expect(refusalOf(REGISTER, resource('kubernetes:core/v1:ConfigMap'), nested)).toBe(refusal);
    const trigger = resource('kubernetes:core/v1:ConfigMap').setReplacementTrigger(
      struct({ nested }).getFieldsMap().get('nested'),
    );
    expect(refusalOf(REGISTER, trigger)).toBe(refusal);
    const outputs = new messages.RegisterResourceOutputsRequest().setOutputs(struct(nested));
    expect(refusalOf(`${MONITOR}/RegisterResourceOutputs`, outputs)).toBe(refusal);
    const read = new messages.ReadResourceRequest().setProperties(struct(nested));
    expect(refusalOf(`${MONITOR}/ReadResource`, read)).toBe(refusal);
    const invoke = new messages.ResourceInvokeRequest().setArgs(struct(nested));
    expect(refusalOf(`${MONITOR}/Invoke`, invoke)).toBe(refusal);
  });

  test('the engine is not asked to call an address', () => {
    const transformed = resource('kubernetes:core/v1:ConfigMap');
    transformed.addTransforms(new Callback().setTarget('evil.example:443').setToken('a'));
    expect(refusalOf(REGISTER, transformed)).toBe('transform of resources');
    for (const name of [
      ...['RegisterStackTransform', 'RegisterStackInvokeTransform'],
      ...['RegisterPackage', 'OfALaterPulumi'],
    ]) {
      expect(refusalOf(`${MONITOR}/${name}`, {})).toBe(`'${name}'`);
    }
    expect(refusalOf('/pulumirpc.Engine/StartDebugging', {})).toBe("'StartDebugging'");
  });

  test.each(['../../tmp/evil:a:B', '/tmp/evil:a:B', 'pulumi:providers:../evil', 'a b:c:D'])(
    "the engine is not asked to start the plugin of '%s'",
    (type) => {
      expect(refusalOf(REGISTER, resource(type))).toBe('plugin by its path');
    },
  );
});
