// Generated from Go module github.com/cert-manager/trust-manager v0.25.0 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

type ConfigMap85147e9d = {
  readonly key: string;
  readonly metadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
};

type ConfigMapcf7b0ec4 = {
  readonly includeAllKeys?: boolean;
  readonly key?: string;
  readonly name?: string;
  readonly selector?: Selectore2d022d7;
};

type Selectore2d022d7 = {
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
  readonly matchLabels?: Readonly<Record<string, string>>;
};

export type Bundle = {
  readonly apiVersion: 'trust.cert-manager.io/v1alpha1';
  readonly kind: 'Bundle';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly sources: readonly {
      readonly configMap?: ConfigMapcf7b0ec4;
      readonly inLine?: string;
      readonly secret?: ConfigMapcf7b0ec4;
      readonly useDefaultCAs?: boolean;
    }[];
    readonly target?: {
      readonly additionalFormats?: {
        readonly jks?: {
          readonly key: string;
          readonly password?: string;
        };
        readonly pkcs12?: {
          readonly key: string;
          readonly password?: string;
          readonly profile?: 'LegacyRC2' | 'LegacyDES' | 'Modern2023';
        };
      };
      readonly configMap?: ConfigMap85147e9d;
      readonly namespaceSelector?: Selectore2d022d7;
      readonly secret?: ConfigMap85147e9d;
    };
  };
};
