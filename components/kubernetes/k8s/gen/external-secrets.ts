// Generated from External Secrets v2.9.0, by hand by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

export type ExternalSecret = {
  readonly apiVersion: 'external-secrets.io/v1';
  readonly kind: 'ExternalSecret';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly secretStoreRef: {
      readonly kind: 'SecretStore' | 'ClusterSecretStore';
      readonly name: string;
    };
    readonly refreshInterval: string;
    readonly target: {
      readonly name: string;
      readonly creationPolicy?: 'Owner' | 'Orphan' | 'Merge' | 'None' | 'CreateOrMerge';
      readonly deletionPolicy?: 'Delete' | 'Merge' | 'Retain';
      readonly template?: {
        readonly type: string;
      };
    };
    readonly data: readonly {
      readonly secretKey: string;
      readonly remoteRef: {
        readonly key: string;
        readonly property: string;
      };
    }[];
  };
};
