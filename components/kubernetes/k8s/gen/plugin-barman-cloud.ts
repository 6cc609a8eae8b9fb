// Generated from Go module github.com/cloudnative-pg/plugin-barman-cloud v0.15.0 by `npm run generate:schemas`.

import type { NamedMeta } from './kubernetes.ts';

export type ObjectStore = {
  readonly apiVersion: 'barmancloud.cnpg.io/v1';
  readonly kind: 'ObjectStore';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly configuration: {
      readonly azureCredentials?: {
        readonly connectionString?: {
          readonly key: string;
          readonly name: string;
        };
        readonly inheritFromAzureAD?: boolean;
        readonly storageAccount?: {
          readonly key: string;
          readonly name: string;
        };
        readonly storageKey?: {
          readonly key: string;
          readonly name: string;
        };
        readonly storageSasToken?: {
          readonly key: string;
          readonly name: string;
        };
        readonly useDefaultAzureCredentials?: boolean;
      };
      readonly data?: {
        readonly additionalCommandArgs?: readonly string[];
        readonly compression?: 'bzip2' | 'gzip' | 'lz4' | 'snappy';
        readonly encryption?: 'AES256' | 'aws:kms';
        readonly immediateCheckpoint?: boolean;
        readonly jobs?: number;
        readonly restoreAdditionalCommandArgs?: readonly string[];
      };
      readonly destinationPath: string;
      readonly endpointCA?: {
        readonly key: string;
        readonly name: string;
      };
      readonly endpointURL?: string;
      readonly googleCredentials?: {
        readonly applicationCredentials?: {
          readonly key: string;
          readonly name: string;
        };
        readonly gkeEnvironment?: boolean;
      };
      readonly historyTags?: Readonly<Record<string, string>>;
      readonly s3Credentials?: {
        readonly accessKeyId?: {
          readonly key: string;
          readonly name: string;
        };
        readonly inheritFromIAMRole?: boolean;
        readonly region?: {
          readonly key: string;
          readonly name: string;
        };
        readonly secretAccessKey?: {
          readonly key: string;
          readonly name: string;
        };
        readonly sessionToken?: {
          readonly key: string;
          readonly name: string;
        };
      };
      readonly serverName?: string;
      readonly tags?: Readonly<Record<string, string>>;
      readonly wal?: {
        readonly archiveAdditionalCommandArgs?: readonly string[];
        readonly compression?: 'bzip2' | 'gzip' | 'lz4' | 'snappy' | 'xz' | 'zstd';
        readonly encryption?: 'AES256' | 'aws:kms';
        readonly maxParallel?: number;
        readonly restoreAdditionalCommandArgs?: readonly string[];
      };
    };
    readonly instanceSidecarConfiguration?: {
      readonly additionalContainerArgs?: readonly string[];
      readonly env?: readonly ({
        readonly name: string;
        readonly value?: string;
        readonly valueFrom?: {
          readonly configMapKeyRef?: {
            readonly key: string;
            readonly name?: string;
            readonly optional?: boolean;
          };
          readonly fieldRef?: {
            readonly apiVersion?: string;
            readonly fieldPath: string;
          };
          readonly fileKeyRef?: {
            readonly key: string;
            readonly optional?: boolean;
            readonly path: string;
            readonly volumeName: string;
          };
          readonly resourceFieldRef?: {
            readonly containerName?: string;
            readonly divisor?: number | string;
            readonly resource: string;
          };
          readonly secretKeyRef?: {
            readonly key: string;
            readonly name?: string;
            readonly optional?: boolean;
          };
        };
      })[];
      readonly logLevel?: 'error' | 'warning' | 'info' | 'debug' | 'trace';
      readonly resources?: {
        readonly claims?: readonly {
          readonly name: string;
          readonly request?: string;
        }[];
        readonly limits?: Readonly<Record<string, number | string>>;
        readonly requests?: Readonly<Record<string, number | string>>;
      };
      readonly retentionPolicyIntervalSeconds?: number;
    };
    readonly retentionPolicy?: string;
  };
};
