'use client';
// The table goes where the choice is: a connection chosen elsewhere is scrolled to, and that of a frame that is looked at.
import { useEffect, useRef } from 'react';
import { selectChosenSighting } from '@/lib/store/chosen-sighting';
import { useWorkspace, workspace } from '@/lib/store/workspace';

/** `currentId`: the connection of the row that has the keys. */
export function useFollowedRow(currentId: string | undefined, moveTo: (row: number) => void): void {
  // A choice made anew is followed anew, though it may be the same connection.
  const chosen = useWorkspace((state) => state.view.connections);
  const lookedAt = useWorkspace((state) => selectChosenSighting(state)?.connection);
  const key = useWorkspace((state) => state.list.key);
  const latest = useRef({ currentId, moveTo });
  latest.current = { currentId, moveTo };

  useEffect(() => {
    const id = lookedAt ?? chosen[0];
    if (id === undefined || key === '' || latest.current.currentId === id) return;
    let isCurrent = true;
    void workspace.table.rowOf(id).then((row) => {
      if (isCurrent && row !== null) latest.current.moveTo(row);
    });
    return () => {
      isCurrent = false;
    };
  }, [chosen, lookedAt, key]);
}
