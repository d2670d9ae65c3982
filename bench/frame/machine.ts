/** The machine on which something was measured, and how busy it was. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** The load average of the last minute: above 1 or so, something else was running and times mean little. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

/** One line about a machine. */
export function machineText({ processor, cores, memoryGib, system, node, load }: Machine): string {
  return `${processor}, ${cores} cores, ${memoryGib} GiB, ${system}, Node ${node}, load ${load}`;
}
