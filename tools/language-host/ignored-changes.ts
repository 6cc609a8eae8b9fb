import { createRequire } from 'node:module';
import type * as messages from '@pulumi/pulumi/proto/resource_pb.js';

const require = createRequire(import.meta.url);
const { RegisterResourceRequest } =
  require('@pulumi/pulumi/proto/resource_pb.js') as typeof messages;

/** Properties of a resource that stay as they are deployed, whatever the program says (`ignoreChanges`). */
export interface IgnoredChanges {
  readonly type: string;
  readonly name: string;
  /** Such as 'scalingConfig.desiredSize'. */
  readonly properties: readonly string[];
}

/** What a request has the engine leave as it is: its events say nothing of it. */
export function ignoredChanges(request: object): readonly IgnoredChanges[] {
  if (!(request instanceof RegisterResourceRequest)) return [];
  const properties = request.getIgnorechangesList();
  return properties.length === 0
    ? []
    : [{ type: request.getType(), name: request.getName(), properties }];
}
