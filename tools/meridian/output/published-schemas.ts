import { z } from 'zod';
import { outputs } from './schemas.ts';

/** Folder of the published schemas, below the program. */
export const SCHEMAS_FOLDER = 'docs/schemas';

/** The JSON Schema (draft 2020-12) of what each command prints with `--json`, by the name of its file. */
export function publishedSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, schema]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { override: withoutObvious });
      const published = { $schema, title: `meridian ${name} --json`, ...rest };
      return [`${name}.schema.json`, `${JSON.stringify(published, undefined, 2)}\n`];
    }),
  );
}

/** That a number fits JavaScript's is not a promise of ours, and a prefix is a pattern: JSON Schema has no such format. */
function withoutObvious({
  jsonSchema,
}: {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
}
