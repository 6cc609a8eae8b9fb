import type { RouteAccess } from '../token/access-table.ts';

/** Name of the security scheme. */
export const ACCESS_TOKEN = 'accessToken';

/** How callers prove who they are. */
export const ACCESS_TOKEN_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description:
    'An access token of a session (RFC 9068), sent as `Authorization: Bearer` (RFC 6750). A token that ' +
    'is sent is checked even where none is needed.',
} as const;

/**
 * What an operation asks for: nothing or a token, or a token with one of its roles. Source: OpenAPI
 * 3.1.0, "Security Requirement Object": for schemes other than OAuth, the list holds role names.
 */
export function securityOf({ anonymous, roles }: RouteAccess): readonly unknown[] {
  if (anonymous) return [{}, { [ACCESS_TOKEN]: [] }];
  if (roles.length === 0) return [{ [ACCESS_TOKEN]: [] }];
  return roles.map((role) => ({ [ACCESS_TOKEN]: [role] }));
}
