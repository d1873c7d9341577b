// The page's one workspace: its state, and the controller that fills it. Made when the browser first loads the page's own code, never on the server.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { CaseKeeper } from './case-keeper';
import { openEngineGateway } from './engine-gateway';
import { keepChoice } from './keep-choice';
import { WorkspaceController } from './workspace-controller';
import { INITIAL_STATE, type WorkspaceState } from './workspace-state';

const store = createStore<WorkspaceState>(() => INITIAL_STATE);

export const workspace = new WorkspaceController(
  store,
  openEngineGateway,
  () => keepChoice.getState().on,
);

export const keeper = new CaseKeeper(workspace);

export const useCases = <T>(select: (state: ReturnType<typeof keeper.cases.getState>) => T): T =>
  useStore(keeper.cases, select);

export const useKeepChoice = <T>(select: (state: ReturnType<typeof keepChoice.getState>) => T): T =>
  useStore(keepChoice, select);

export const useWorkspace = <T>(select: (state: WorkspaceState) => T): T => useStore(store, select);
