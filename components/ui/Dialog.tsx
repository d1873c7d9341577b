'use client';
// A sheet over the page, by the platform's own dialog: the page behind it is inert, Escape and a click beside it close it, the focus returns where it was.
import { type ReactNode, useEffect, useRef } from 'react';
import { classNames } from './class-names';

export function Dialog({
  name,
  onClose,
  className,
  children,
}: {
  readonly name: string;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it too
    <dialog
      ref={dialog}
      aria-label={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={classNames(
        'mx-auto mt-[12vh] mb-auto max-h-[76dvh] max-w-[calc(100vw-24px)] overflow-hidden rounded-lg border border-line bg-raised p-0 text-ink shadow-lg backdrop:bg-black/30',
        className,
      )}
    >
      {children}
    </dialog>
  );
}
