import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '@meridian/components/kubernetes/manifest.ts';
import { objectsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { cloudType, knownCloudTypes } from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import { stack } from '../charts/lowered-prod.ts';

/** A policy of the network, as far as it says where pods may go. */
interface Leaving {
  readonly egress?: readonly {
    readonly to?: readonly {
      readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
    }[];
  }[];
}

interface Rule {
  readonly matchConstraints: {
    readonly namespaceSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  };
  readonly matchConditions: readonly { readonly expression: string }[];
}

const objects: readonly ClusterObject[] = objectsOf(stack);
const ofKind = (kind: string): readonly ClusterObject[] =>
  objects.filter((object) => object.kind === kind);
const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** First and last address of a network. */
function rangeOf(network: string): readonly [first: number, last: number] {
  const [address = '', prefix = '32'] = network.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

/**
 * Rules that AWS's agent would not keep: what one rule excepts it refuses on every port, whatever another rule of the same policy allows,
 * unless that is of a narrower network. Source: aws/amazon-vpc-cni-k8s issue 3096
 */
function lostIn({ egress = [] }: Leaving): readonly string[] {
  const peers = egress.flatMap(({ to = [{ ipBlock: { cidr: '0.0.0.0/0' } }] }) => to);
  const blocks = peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock]));
  return blocks.flatMap((block) =>
    (block.except ?? []).flatMap((excepted) =>
      blocks
        .filter((other) => other !== block)
        .filter(({ cidr }) => {
          const [[first, last], [from, to]] = [rangeOf(excepted), rangeOf(cidr)];
          return from <= first && to >= last;
        })
        .map(({ cidr }) => `${cidr} and not ${excepted}`),
    ),
  );
}

describe('what others have reported of what production stands on', () => {
  test('no rule of a policy takes back what another one allows', () => {
    const policies = ofKind('NetworkPolicy');
    expect(policies.some(({ spec }) => JSON.stringify(spec).includes('"except"'))).toBe(true);
    const lost = policies.flatMap(({ metadata, spec }) =>
      lostIn(spec as Leaving).map((rule) => `${metadata.name}: ${rule}`),
    );
    expect(lost).toEqual([]);
    const reported = {
      egress: [
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] },
        { ports: [{ port: 53 }] },
      ],
    };
    expect(lostIn(reported)).toEqual(['0.0.0.0/0 and not 10.0.0.0/8']);
  });

  test('every pod that a balancer leads to waits until the balancer knows it, and stays until it is forgotten', () => {
    const bound = ofKind('TargetGroupBinding').map(({ metadata }) => metadata.namespace);
    expect(bound).not.toEqual([]);
    const waiting = ofKind('Namespace')
      .filter(
        ({ metadata }) =>
          metadata.labels?.['elbv2.k8s.aws/pod-readiness-gate-inject'] === 'enabled',
      )
      .map(({ metadata }) => metadata.name);
    expect(waiting).toEqual([...new Set(bound)]);
    const [proxies] = ofKind('EnvoyProxy');
    expect(proxies).toMatchObject({
      spec: { shutdown: { drainTimeout: '360s', minDrainDuration: '300s' } },
    });
  });

  test('no pod is let in without the role that it should have', () => {
    const roles = [
      ...stack.kafka.principals.map(({ role }) => role),
      ...(stack.observability.store?.keepers ?? []),
      stack.observability.exporter.role,
      stack.postgres.rolesAccount,
      stack.cluster.balancerController,
    ];
    const rules = ofKind('ValidatingAdmissionPolicy').flatMap(({ metadata, spec }) =>
      metadata.name.endsWith('-roles') ? [spec as Rule] : [],
    );
    const bindings = ofKind('ValidatingAdmissionPolicyBinding').map(
      ({ metadata }) => metadata.name,
    );
    const isHeld = ({ namespace, serviceAccount }: (typeof roles)[number]): boolean =>
      rules.some(
        ({ matchConstraints, matchConditions: [condition] }) =>
          matchConstraints.namespaceSelector.matchLabels[NAMESPACE_LABEL] === namespace &&
          condition?.expression.includes(`'${serviceAccount}'`) === true,
      );
    expect(roles.filter((role) => !isHeld(role))).toEqual([]);
    expect(bindings).toEqual(
      expect.arrayContaining(
        ofKind('ValidatingAdmissionPolicy').map(({ metadata }) => metadata.name),
      ),
    );
  });

  test('every Job begins again with another pod, as the first seconds of a pod reach nobody in strict mode', () => {
    const jobs = ofKind('Job').map(({ spec }) => spec as { readonly backoffLimit?: number });
    expect(jobs.length).toBeGreaterThan(5);
    expect(jobs.filter(({ backoffLimit = 0 }) => backoffLimit < 2)).toEqual([]);
  });

  test('what is approved of an engine is done when it is deployed, and waits for no window', () => {
    const waiting = knownCloudTypes().filter((token) =>
      Object.hasOwn(cloudType(token)?.inputs.properties ?? {}, 'applyImmediately'),
    );
    const root = path.join(import.meta.dirname, '../..');
    const sources = globSync('components/**/aws*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).map(
      (file) => readFileSync(path.join(root, file), 'utf8'),
    );
    for (const token of waiting) {
      const [, module = '', , className = ''] = token.split(/[:/]/);
      const made = sources.filter((text) => text.includes(`new ${module}.${className}(`));
      expect([token, made.length]).toEqual([token, 1]);
      expect([token, made[0]?.includes('applyImmediately: true')]).toEqual([token, true]);
    }
    expect(waiting.length).toBeGreaterThan(1);
  });
});
