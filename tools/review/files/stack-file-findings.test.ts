import { afterEach, describe, expect, test } from '@jest/globals';
import { ChangedFiles } from './testing/changed-files.ts';

const files = new ChangedFiles();
const findingsOf = files.findings.bind(files);

afterEach(() => {
  files[Symbol.dispose]();
});

describe('settings of a stack', () => {
  test('tell where a system outside is, and where programs come from', () => {
    const settings = (address: string) =>
      JSON.stringify({
        config: {
          'meridian:externals': JSON.stringify({ bank: { uri: `https://${address}` } }),
          'meridian:registry': address,
        },
      });
    const file = 'Pulumi.staging.yaml';
    expect(
      findingsOf({ [file]: settings('a.example') }, { [file]: settings('b.example') }),
    ).toEqual([
      expect.objectContaining({
        kind: 'external-changed',
        property: 'bank.uri',
        before: 'https://a.example',
        after: 'https://b.example',
      }),
      expect.objectContaining({
        kind: 'image-changed',
        subject: 'meridian:registry',
        before: 'a.example',
        after: 'b.example',
      }),
    ]);
  });

  test('keep what an address has of secrets, also of a system that is new', () => {
    const settings = (externals: object) =>
      JSON.stringify({ config: { 'meridian:externals': JSON.stringify(externals) } });
    const file = 'Pulumi.staging.yaml';
    const at = (secret: string) => ({
      bank: { uri: `https://name:word${secret}@a.example/x?token=t${secret}&b=c` },
    });
    const told = JSON.stringify([
      findingsOf({ [file]: settings(at('marker1')) }, { [file]: settings(at('marker2')) }),
      findingsOf({ [file]: settings({}) }, { [file]: settings(at('marker1')) }),
    ]);
    expect(told).not.toMatch(/marker|name:/);
    expect(told).toMatch(/https:\/\/sha256:\w{8}@a\.example\/x\?token=sha256:\w{8}/);
    const [changed] = findingsOf(
      { [file]: settings(at('marker1')) },
      { [file]: settings(at('marker2')) },
    );
    expect(changed?.before).not.toBe(changed?.after);
  });
});
