export { AgentClient } from './agent/client.ts';
export { agentIsRunning, removeZone, startAgent } from './agent/start-agent.ts';
export { currentProgramVersion } from './agent/program-version.ts';
export type { AgentSettings, AgentSettingsInput } from './agent/agent-settings.ts';
export type {
  AuthorityStatus,
  ProcessState,
  ProcessStatus,
  RunEvent,
  ZoneStatus,
} from './agent/status.ts';
