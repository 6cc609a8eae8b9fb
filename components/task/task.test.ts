import { describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';

describe('Task on this machine', () => {
  test('is a process that runs on demand, with an identity and a binding for each call', async () => {
    const recording = await record(() => {
      declareSample();
    });
    expect(recording.resource('filler-process').inputs).toMatchObject({
      zone: 'a',
      spec: {
        name: 'filler',
        runs: 'on-demand',
        listens: [],
        revision: 'filler-digest',
        identities: [{ uris: ['spiffe://sample.local/ns/sample/sa/filler'], usages: ['client'] }],
        files: { 'bindings/shelf/type': 'grpc' },
      },
    });
  });

  test('waits for the services that it calls', async () => {
    const recording = await record(() => {
      declareSample();
    });
    expect(recording.waits('filler-process', 'shelf-c-0')).toBe(true);
  });

  test('refuses to be landed when the graph has no such task', async () => {
    const stack = { ...sampleStack(), tasks: [] };
    await record(() => {
      expect(() => declareSample(stack)).toThrow("Task 'filler' is not landed");
    });
  });
});
