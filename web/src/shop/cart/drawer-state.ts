import { useSyncExternalStore } from 'react';
import { createStore } from '../../design/store.ts';

const open = createStore(false);

export const openCart = (): void => open.set(true);
export const closeCart = (): void => open.set(false);
export const useCartIsOpen = (): boolean => useSyncExternalStore(open.subscribe, open.get);
