import { runService } from '../run-service.ts';
import { EchoService } from './gen/meridian/kittest/v1/echo_pb.js';
import { echoHandlers } from './echo-handlers.ts';
import type { EchoDeclaration } from './world.ts';

await runService<EchoDeclaration>({ contract: EchoService, handlers: () => echoHandlers });
