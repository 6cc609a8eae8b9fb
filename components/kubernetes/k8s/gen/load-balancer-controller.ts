// Generated from AWS Load Balancer Controller v3.5.0, by hand by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

export type TargetGroupBinding = {
  readonly apiVersion: 'elbv2.k8s.aws/v1beta1';
  readonly kind: 'TargetGroupBinding';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly serviceRef: {
      readonly name: string;
      readonly port: number;
    };
    readonly targetGroupName: string;
    readonly targetType: 'instance' | 'ip';
    readonly ipAddressType?: 'ipv4' | 'ipv6';
  };
};
