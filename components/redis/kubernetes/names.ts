import type { OtherImage } from '../../kubernetes/other-images.ts';

/** Where Redis accepts, over TLS alone. */
export const REDIS_PORT = 6_379;

/** Of the release, its Service and its pods. */
export const SERVER_NAME = 'redis';

/** Secrets of the server, in the namespace of the engines. */
export const SERVER_SECRET = 'redis-server-tls';
export const USERS_SECRET = 'redis-users';

/** Which pods are the server. */
export function redisPods(platform: string) {
  return {
    'app.kubernetes.io/name': SERVER_NAME,
    'app.kubernetes.io/part-of': platform,
  } as const;
}

/** What the chart `valkey` 0.11.0 runs by default. */
export const VALKEY_IMAGE: OtherImage = {
  name: 'valkey',
  reference: 'docker.io/valkey/valkey:9.1.1',
};
