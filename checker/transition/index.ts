/** Learned transitions: a system whose user code runs once for each distinct thing it reads. */
export { Batch, hashRow, resized } from './batch.ts';
export { grow, GrowthMark, growthSince } from './growth.ts';
export { IntList } from './int-tables.ts';
export { Layout, RowsOutgrown, type Plan } from './layout.ts';
export { dependenciesOf, type ActionDependencies, type Dependencies, type Influence } from './dependencies.ts';
export { carry, LearnedSystem, type Compiled } from './learned-system.ts';
export { firstPlan, makePlan, sampleSize } from './planner.ts';
export { PickedSteps, type PickedStep, type PickRule, type PickRules } from './picked-steps.ts';
export { readsOf, type Read } from './reads.ts';
export type { CanonicalForm, Classes } from './canonical-form.ts';
export { ShapeChanged, type Shape, type StateShape } from './shape.ts';
export { SleepSets, type SleepOutline } from './sleep-sets.ts';
export { StepCounts } from './step-counts.ts';
export { refusedStep } from './successors.ts';
export { ValueTable } from './value-table.ts';
export { unlearned, Unlearned } from './value-table.ts';
