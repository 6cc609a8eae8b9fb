export { AgentClient } from './agent/api/client.ts';
export { agentIsRunning, removeZone, startAgent } from './agent/start/start-agent.ts';
export { currentProgramVersion } from './agent/start/program-version.ts';
export type { AgentSettings, AgentSettingsInput } from './agent/start/agent-settings.ts';
export type {
  AuthorityStatus,
  ProcessState,
  ProcessStatus,
  RunEvent,
  ZoneStatus,
} from './agent/api/status.ts';
