import { resolve } from 'node:path';
import type { DescService, FileRegistry } from '@bufbuild/protobuf';
import { buildDescriptorSet } from '../openapi/descriptor-set.ts';
import { buildRouteTable } from '../transcode/route-table.ts';
import type { RouteTable } from '../transcode/route-table.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SERVICE = 'meridian.fixture.v1.ThingService';

/** The fixture contract, which has every form of field and binding. */
export interface Fixture {
  readonly registry: FileRegistry;
  readonly service: DescService;
  readonly routes: RouteTable;
}

/** Compiles the fixture contract; for tests only. */
export async function loadFixture(): Promise<Fixture> {
  const own = 'services/gateway/testing/proto';
  const registry = await buildDescriptorSet(ROOT, ['services/kit/contract/proto', own]);
  const service = registry.getService(SERVICE);
  if (service === undefined) throw new Error(`${own} lacks ${SERVICE}`);
  return { registry, service, routes: buildRouteTable([service]) };
}
