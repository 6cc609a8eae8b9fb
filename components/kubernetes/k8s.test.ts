import type { k8s as constructs } from 'cdk8s-plus-28';
import { describe, expect, test } from '@jest/globals';
import type * as k8s from './k8s.ts';
import type { Manifest } from './manifest.ts';

const metadata = { name: 'sample' };

/** Properties of the first that the second lacks. */
type Lacking<One, Other> = Exclude<keyof One, keyof Other>;

/** Whether the second has every property of the first. */
type HasAll<One, Other> = [Lacking<One, Other>] extends [never] ? true : false;

describe('the types of objects', () => {
  test('do not let a kind compile that no pinned definition has', () => {
    // @ts-expect-error there is a Namespace
    const manifest: Manifest = { apiVersion: 'v1', kind: 'NameSpace', metadata };
    expect(manifest.kind).toBe('NameSpace');
  });

  test('do not let a property compile that its kind lacks, nor one of another version of Kubernetes', () => {
    const volumes: readonly k8s.Volume[] = [
      // @ts-expect-error 1.36 has defaultMode alone, where types of a newer one have defaultUser too
      { name: 'files', configMap: { name: 'sample', defaultUser: 0 } },
      // @ts-expect-error it is configMap
      { name: 'files', configmap: { name: 'sample' } },
    ];
    expect(volumes).toHaveLength(2);
  });

  test('do not let another value than those of an enumeration compile', () => {
    // @ts-expect-error 'IfNotPresent' is meant
    const container: k8s.Container = { name: 'sample', imagePullPolicy: 'IfAbsent' };
    expect(container.name).toBe('sample');
  });

  test('have properties that came after the Kubernetes of cdk8s-plus-28', () => {
    const newer: Lacking<k8s.PodSpec, constructs.PodSpec> = 'resources';
    expect(newer).toBe('resources');
  });

  // What the construct lacks, it would leave out in silence.
  test('have no property of a NetworkPolicy that the construct lacks which writes it', () => {
    const complete: readonly [
      HasAll<k8s.NetworkPolicySpec, constructs.NetworkPolicySpec>,
      HasAll<k8s.NetworkPolicyIngressRule, constructs.NetworkPolicyIngressRule>,
      HasAll<k8s.NetworkPolicyEgressRule, constructs.NetworkPolicyEgressRule>,
      HasAll<k8s.NetworkPolicyPeer, constructs.NetworkPolicyPeer>,
      HasAll<k8s.NetworkPolicyPort, constructs.NetworkPolicyPort>,
      HasAll<k8s.IPBlock, constructs.IpBlock>,
    ] = [true, true, true, true, true, true];
    expect(complete).not.toContain(false);
  });
});
