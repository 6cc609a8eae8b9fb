import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import type * as callbacks from '@pulumi/pulumi/proto/callback_pb.js';
import type * as resources from '@pulumi/pulumi/proto/resource_pb.js';
import { withoutHooks } from './hooks-not-run.ts';

const require = createRequire(import.meta.url);
const messages = require('@pulumi/pulumi/proto/resource_pb.js') as typeof resources;
const { Callback } = require('@pulumi/pulumi/proto/callback_pb.js') as typeof callbacks;

describe('of a program in a sandbox', () => {
  test('a hook and its address go no further, and its name is told', () => {
    const callback = new Callback().setTarget('169.254.169.254:80').setToken('a');
    for (const request of [
      new messages.RegisterResourceHookRequest().setName('one').setCallback(callback),
      new messages.RegisterErrorHookRequest().setName('one').setCallback(callback),
    ]) {
      expect(withoutHooks(request)).toEqual({ isForEngine: false, names: ['one'] });
    }
  });

  test('a resource that has hooks is as it would be without them', () => {
    const binding = new messages.RegisterResourceRequest.ResourceHooksBinding();
    binding.addBeforeUpdate('one');
    const resource = () => new messages.RegisterResourceRequest().setType('a:b:C').setName('c');
    const request = resource().setHooks(binding);
    expect(withoutHooks(request)).toEqual({ isForEngine: true, names: [] });
    expect(request.toObject()).toEqual(resource().toObject());
  });
});
