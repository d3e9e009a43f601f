#!/usr/bin/env python3
"""Redact a text from Python, through the C ABI. Usage: text.py LIBVEIL.SO ["some text"]

Public structs start with their own size, and the library accepts a caller that knows fewer fields than it does. So a
binding may declare only what it uses: here the first three fields of veil_config.
"""
import ctypes
import sys


class Config(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("modalities", ctypes.c_uint32), ("profile", ctypes.c_uint32)]


class Error(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("status", ctypes.c_int32), ("reserved", ctypes.c_uint32),
                ("offset", ctypes.c_uint64), ("message", ctypes.c_char * 232)]


class Veil:
    """One sanitizer; redact() may be called from any thread."""

    TEXT = 1
    BUFFER_TOO_SMALL = -3

    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        self.lib.veil_status_string.restype = ctypes.c_char_p
        self.lib.veil_config_init_sized.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
        self.lib.veil_config_init_sized.restype = None
        self.lib.veil_sanitizer_destroy.argtypes = [ctypes.c_void_p]
        self.lib.veil_sanitizer_destroy.restype = None
        self.lib.veil_text_redact.argtypes = [
            ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_size_t), ctypes.c_void_p, ctypes.c_void_p]
        config = Config()
        self.lib.veil_config_init_sized(ctypes.byref(config), ctypes.sizeof(config))
        config.modalities = self.TEXT
        self.handle = ctypes.c_void_p()
        error = Error(struct_size=ctypes.sizeof(Error))
        self.check(self.lib.veil_sanitizer_create(ctypes.byref(config), ctypes.byref(self.handle),
                                                  ctypes.byref(error)), error)

    def check(self, status, error):
        if status != 0:
            raise RuntimeError(f"{self.lib.veil_status_string(status).decode()}: {error.message.decode()}")

    def redact(self, text):
        data = text.encode()
        room = ctypes.c_size_t(len(data) * 2 + 256)
        while True:
            out = ctypes.create_string_buffer(room.value)
            error = Error(struct_size=ctypes.sizeof(Error))
            status = self.lib.veil_text_redact(self.handle, None, data, len(data), out, len(out), ctypes.byref(room),
                                               None, ctypes.byref(error))
            if status == self.BUFFER_TOO_SMALL:
                continue  # room now says how much is needed
            self.check(status, error)
            return out.raw[:room.value].decode()

    def close(self):
        self.lib.veil_sanitizer_destroy(self.handle)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: text.py LIBVEIL.SO [TEXT]")
    veil = Veil(sys.argv[1])
    print(veil.redact(sys.argv[2] if len(sys.argv) > 2 else "Write to jane.roe@example.com or call 415-555-0132."))
    veil.close()
