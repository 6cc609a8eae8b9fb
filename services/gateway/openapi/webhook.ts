import { LIMITS } from '../http/limits.ts';
import type { WebhookFields } from '../transcode/http-binding.ts';
import type { Schema } from './schemas.ts';

/** What an operation for systems outside the platform asks of a request, which nobody else should send. */
export function webhookOperation(
  { headerNames }: WebhookFields,
  pathParameters: readonly Schema[],
): Readonly<Record<string, unknown>> {
  return {
    parameters: [
      ...pathParameters,
      { $ref: '#/components/parameters/RequestId' },
      ...headerNames.filter((name) => name !== CONTENT_TYPE).map(headerParameter),
    ],
    // The signature of the sender stands in a header of its own; an access token is not looked at.
    security: [],
    requestBody: {
      required: true,
      description: `For systems outside the platform alone: taken to the byte as it was signed, of any type, at most ${LIMITS.webhookBytes} bytes.`,
      content: { '*/*': { schema: { type: 'string', maxLength: LIMITS.webhookBytes } } },
    },
  };
}

/** OpenAPI 3.1, "Parameter Object": one called Content-Type is ignored. */
const CONTENT_TYPE = 'content-type';

function headerParameter(name: string): Schema {
  return {
    name,
    in: 'header',
    description: 'Handed over as it was received.',
    schema: { type: 'string' },
  };
}
