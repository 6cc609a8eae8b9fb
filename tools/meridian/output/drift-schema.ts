import { z } from 'zod';

const object = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional().describe('Absent for what belongs to the whole cluster.'),
  name: z.string(),
});

const writer = z
  .object({ manager: z.string().describe("Such as 'kubectl-edit'."), at: z.string().optional() })
  .describe('Who wrote it, as its managedFields say, and when (RFC 3339).');

const drifted = { object, declaredBy: z.string().describe("Such as 'kafka' or 'chart keda'.") };

/** What `npm run drift` finds. */
export const drift = z.object({
  services: z.array(
    z.object({
      service: z.string(),
      drift: z.enum(['none', 'missing', 'aborted', 'moving', 'another release']),
      detail: z.string(),
    }),
  ),
  compared: z.int().min(0).describe('Objects that were held against what is declared.'),
  objects: z.array(
    z.discriminatedUnion('drift', [
      z.object({ ...drifted, drift: z.literal('missing'), detail: z.string() }),
      z.object({
        ...drifted,
        drift: z.literal('changed'),
        fields: z.array(
          z.object({
            field: z.string().describe("Such as 'spec.ingress[2]'."),
            declared: z.unknown().optional().describe('Absent where it is not, and of a Secret.'),
            found: z.unknown().optional().describe('Absent where it is not, and of a Secret.'),
            by: writer.optional().describe('Absent where nothing tells, as of what was removed.'),
          }),
        ),
      }),
      z
        .object({ ...drifted, drift: z.literal('unknown'), detail: z.string() })
        .describe('The API server refuses to say.'),
    ]),
  ),
  undeclared: z
    .array(z.object({ object, by: writer.optional() }))
    .describe('Policies, roles and bindings of our namespaces that nobody declares.'),
  charts: z.array(
    z.object({
      chart: z.string(),
      drift: z.enum(['missing', 'another version', 'other values', 'not readable']),
      detail: z.string(),
    }),
  ),
  unlisted: z.array(z.string()).describe('Lists that the API server did not give.'),
});
