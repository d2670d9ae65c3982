/** In what condition nodes and links are in a state of a protocol, for the lines of a space–time diagram. */
import { isRecord, SetValue, type RecordValue } from '../../value/index.ts';

/** What a node's line looks like: whole, of one that is paused, or of one that has crashed. */
export type Condition = 'up' | 'paused' | 'down';

/** The condition of a node; `up` where the state does not say. */
export function conditionOf(state: RecordValue, node: string): Condition {
  const { status } = state;
  const text = status !== undefined && isRecord(status) && Object.hasOwn(status, node) ? status[node] : 'up';
  if (text === 'down' || text === 'gone') return 'down';
  return text === 'paused' ? 'paused' : 'up';
}

/** Whether links are cut: whether there is a partition. */
export function isCut({ cut }: RecordValue): boolean {
  return cut instanceof SetValue && cut.size > 0;
}
