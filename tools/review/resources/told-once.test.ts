import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../finding.ts';
import { imagesTogether, settingsOnce, toldOnce, withRules } from './told-once.ts';

const finding = (of: Partial<Finding>): Finding => ({
  kind: 'trust-changed',
  ...{ subject: 'Rollout meridian/orders', among: 'objects', consequence: 'it is another' },
  ...of,
});

const domain = finding({
  ...{ subject: 'meridian', property: 'trust domain', before: 'a.example', after: 'b.example' },
});

describe('another name of everything', () => {
  test('is told with all objects that have it, and once', () => {
    const ofName = finding({ before: 'spiffe://a.example/x', after: 'spiffe://b.example/x' });
    expect(toldOnce([domain], [ofName])).toEqual([
      { ...domain, follows: ['Rollout meridian/orders'] },
    ]);
  });

  test.each([
    [
      'an identity of somebody else',
      { before: 'spiffe://a.example/x', after: 'spiffe://b.example/y' },
    ],
    ['what is cut', { before: 'spiffe://a.example/…', after: 'spiffe://b.example/…' }],
    ['another danger', { kind: 'rights-for-all', before: 'a.example', after: 'b.example' }],
    ['a right that goes alone', { kind: 'rights-removed', property: 'read a.example' }],
  ] as const)('leaves %s by itself', (_what, of) => {
    const other = finding(of);
    expect(toldOnce([domain], [other])).toEqual([domain, other]);
  });

  test('takes along a right under one name for the same under the other', () => {
    const [gone, come] = [
      finding({ kind: 'rights-removed', property: 'read a.example' }),
      finding({ kind: 'rights-added', property: 'read b.example' }),
    ];
    expect(toldOnce([domain], [gone, come])).toHaveLength(1);
  });
});

describe('what a rule refuses', () => {
  const opened = finding({
    ...{ kind: 'newly-reachable', subject: 'anybody → every pod in meridian' },
    among: 'connections',
  });
  const titles = new Map([[opened, 'NetworkPolicy meridian/default-deny']]);
  const broken = (rule: string, subject: string) =>
    finding({ kind: 'policy-broken', property: rule, subject });

  test('is one finding with the danger of the same object, and of all pods that it opens', () => {
    expect(
      withRules(
        [opened],
        [
          broken('nothing-is-open-to-everybody', 'NetworkPolicy meridian/default-deny'),
          broken('every-pod-has-a-network-policy', 'Rollout meridian/orders'),
        ],
        titles,
      ),
    ).toEqual([
      { ...opened, follows: ['rule nothing-is-open-to-everybody', 'Rollout meridian/orders'] },
    ]);
  });

  test.each([
    ['another object', broken('nothing-is-open-to-everybody', 'NetworkPolicy meridian/orders')],
    ['another namespace', broken('every-pod-has-a-network-policy', 'Rollout data/orders')],
    ['another matter', broken('images-are-by-digest', 'NetworkPolicy meridian/default-deny')],
  ])('of %s is told by itself', (_what, one) => {
    expect(withRules([opened], [one], titles)).toEqual([opened, one]);
  });
});

test('another registry is one finding, and another one of one object a second', () => {
  const from = (subject: string, after: string) =>
    finding({ kind: 'images-elsewhere', subject, before: 'a.example', after });
  expect(
    imagesTogether([from('b', 'b.example'), from('a', 'b.example'), from('c', 'c.example')]),
  ).toMatchObject([
    { subject: 'registry', after: 'b.example', follows: ['a', 'b'] },
    { subject: 'c', after: 'c.example' },
  ]);
});

describe('a setting', () => {
  const setting = (name: string, after: string) =>
    finding({ kind: 'external-changed', subject: `meridian:${name}`, among: 'settings', after });
  const address = finding({
    ...{ kind: 'secret-changed', property: 'data.uri' },
    subject: 'Secret meridian/external-payment-provider-binding',
  });

  test('that says where a system outside is says so of its Secret', () => {
    const outside = setting('externals', '{"payment-provider":{"uri":"https://a.example"}}');
    expect(settingsOnce([outside], [address])).toEqual({ files: [outside], objects: [] });
    const other = setting('externals', '{"checkpoint-store":{}}');
    expect(settingsOnce([other], [address])).toEqual({ files: [other], objects: [address] });
  });

  test('of the registry is told by the images that come from it, where there are any', () => {
    const registry = setting('registry', 'a.example');
    const images = finding({ kind: 'images-elsewhere', subject: 'registry' });
    expect(settingsOnce([registry], [images])).toEqual({ files: [], objects: [images] });
    expect(settingsOnce([registry], [])).toEqual({ files: [registry], objects: [] });
  });
});
