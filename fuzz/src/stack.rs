//! Makes a stack overflow visible: libFuzzer's handler gets a stack of its own to keep the input.

use std::ptr::null_mut;

const SIZE: usize = 1 << 20;

/// Once, before libFuzzer sets its handler, which keeps the flag that is set here.
pub fn catch_overflows() {
    let stack =
        libc::stack_t { ss_sp: vec![0_u8; SIZE].leak().as_mut_ptr().cast(), ss_flags: 0, ss_size: SIZE };
    // SAFETY: the memory is never freed, and both structures are whole.
    unsafe {
        assert_eq!(libc::sigaltstack(&stack, null_mut()), 0);
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = libc::SIG_DFL;
        action.sa_flags = libc::SA_ONSTACK;
        assert_eq!(libc::sigaction(libc::SIGSEGV, &action, null_mut()), 0);
    }
}
