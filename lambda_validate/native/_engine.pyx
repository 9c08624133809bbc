# cython: language_level=3, binding=False, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Execute plans: lists of instructions that validate a payload of exact built-in types.

`lambda_validate/native/instructions.py` describes the instructions, and the classes here take what it defines.
`Plan.check(payload)` is the verdict, and `Plan.report(payload)` makes violations. `Plan.run(payload)` returns 1 for a valid payload, 0 for an invalid one, and -1
where the plan does not know; `check` then calls the fallback, which starts anew.

What the plan does not know: a value or key that is not exactly a str, int, float, bool, None, list or dict; an integer
beyond 2**53; a string of more than `LONGEST` characters; more nesting or registers than the bounds below; a character
beyond ASCII where the pattern's table says so.

The plan of a report notes faults while it runs, and makes violations of them afterwards. No code of the payload runs, and
nothing is allocated, while registers hold borrowed references to parts of it. Calls of
Python functions (formats, relations) wait until all else has passed: then references are owned. An `Exception` of such
a call makes the result -1, any other exception (`KeyboardInterrupt`) propagates. The code holds the GIL throughout.
"""

cimport cython
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.math cimport floor, isfinite
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t
from libc.string cimport memchr, memcmp, memcpy, memset

cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass
    ctypedef struct PyTypeObject
    ctypedef PyObject *(*allocfunc)(PyTypeObject *, Py_ssize_t)
    ctypedef struct PyTypeObject:
        allocfunc tp_alloc
    PyTypeObject PyUnicode_Type, PyLong_Type, PyFloat_Type, PyBool_Type, PyList_Type, PyDict_Type
    PyTypeObject *Py_TYPE(PyObject *)
    PyObject *Py_None
    PyObject *Py_True
    PyObject *Py_False
    PyObject *PyExc_Exception
    bint PyUnicode_IS_ASCII(PyObject *)
    Py_ssize_t PyUnicode_GET_LENGTH(PyObject *)
    int PyUnicode_KIND(PyObject *)
    void *PyUnicode_DATA(PyObject *)
    uint32_t PyUnicode_READ(int, void *, Py_ssize_t)
    Py_hash_t PyObject_Hash(PyObject *)
    Py_ssize_t PyList_GET_SIZE(PyObject *)
    PyObject *PyList_GET_ITEM(PyObject *, Py_ssize_t)
    Py_ssize_t PyTuple_GET_SIZE(PyObject *)
    PyObject *PyTuple_GET_ITEM(PyObject *, Py_ssize_t)
    Py_ssize_t PyDict_Size(PyObject *)
    int PyDict_Next(PyObject *, Py_ssize_t *, PyObject **, PyObject **)
    double PyFloat_AS_DOUBLE(PyObject *)
    int64_t PyLong_AsLongLongAndOverflow(PyObject *, int *)
    void PyTuple_SET_ITEM(PyObject *, Py_ssize_t, PyObject *)
    PyTypeObject PyMemberDescr_Type
    ctypedef struct PyMemberDef:
        Py_ssize_t offset
    ctypedef struct PyMemberDescrObject:
        PyMemberDef *d_member
    void Py_INCREF(PyObject *)
    void Py_XINCREF(PyObject *)
    void Py_XDECREF(PyObject *)
    void Py_DECREF(PyObject *)
    PyObject *PyObject_CallOneArg(PyObject *, PyObject *)
    object PyObject_Vectorcall(PyObject *, PyObject **, size_t, PyObject *)
    int PyObject_IsTrue(PyObject *)
    int PyErr_ExceptionMatches(PyObject *)
    void PyErr_Clear()

from cpython.tuple cimport PyTuple_New

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define fetch(address) __builtin_prefetch(address)
    #else
    #define fetch(address) ((void)(address))
    #endif
    #if PY_VERSION_HEX < 0x030C0000
    #define is_ready(string) PyUnicode_IS_READY(string)
    #else
    #define is_ready(string) 1
    #endif
    """
    void fetch(PyObject *)
    bint is_ready(PyObject *)  # strings made by an API that ended with 3.12 may lack their characters

cdef enum:
    REGISTERS = 1024
    NESTING = 48
    WALKS = 48
    CALLS = 32
    NOTES = 64
    LONGEST = 1 << 20
    CHUNK = 32  # members that are read of an object at once
    LEVELS = 256  # of a parsed JSON value; jiter's limit is 200
    DIGIT_BLOCK = 154  # as in `json_parsers`

cdef double EXACT_INTEGERS = 9007199254740992.0  # 2**53

cdef enum:
    UNKNOWN = -1
    INVALID = 0
    VALID = 1
    STOPPED = -2  # an exception is set

# The order is that of `instructions.OPERATIONS`.
cdef enum:
    OP_FAIL
    OP_PASS
    OP_UNKNOWN
    OP_JUMP
    OP_BEGIN
    OP_OPEN
    OP_SERVICE
    OP_WALK_LATER
    OP_CALL_LATER
    OP_EACH_ITEM
    OP_EACH_MEMBER
    OP_NOTE
    OP_HAS
    OP_CLOSED
    OP_IS_STRING
    OP_IS_INTEGER
    OP_IS_NUMBER
    OP_IS_BOOLEAN
    OP_IS_NULL
    OP_IS_ARRAY
    OP_IS_OBJECT
    OP_LENGTH_BELOW
    OP_LENGTH_ABOVE
    OP_BELOW
    OP_ABOVE
    OP_EQUALS
    OP_LISTED
    OP_MATCHES
    OP_SERVICE_IN
    OP_ONE_OF
    OP_MEETS

cdef struct Instruction:
    int32_t op
    int32_t a
    int32_t b
    int32_t c
    int32_t jump
    int32_t sense
    double number

cdef struct Entry:
    PyObject *name
    Py_hash_t hash
    int32_t index
    int32_t named

cdef struct Names:
    Entry *entries
    size_t mask
    int32_t count

cdef struct Walker:
    const uint16_t *rows
    uint8_t classes[256]
    uint32_t start
    uint32_t accepting
    uint32_t sink
    int beyond  # whether it is exact for characters beyond ASCII: all are alike, in class 255
    int lines  # whether it is exact for strings with a newline

cdef struct Walk:
    Walker *walker
    PyObject *string

cdef struct Later:
    PyObject *function
    PyObject *argument
    int expected

cdef enum:
    NO_VALUE
    EXACT
    SEEN

cdef struct Note:
    int32_t fault
    int32_t kind
    PyObject *value

cdef struct Fault:
    int32_t rank
    int32_t first  # of the numbers of faults that cover it
    int32_t end

cdef struct State:
    PyObject *objects[REGISTERS]
    double numbers[REGISTERS]
    Walk walks[WALKS]
    Later calls[CALLS]
    Note notes[NOTES]
    int note_count
    int walk_count
    int call_count
    int depth


cdef inline bint same_string(PyObject *one, PyObject *other) noexcept:
    """Whether two exact strings are equal."""
    cdef Py_ssize_t length
    if one is other:
        return True
    length = PyUnicode_GET_LENGTH(one)
    if length != PyUnicode_GET_LENGTH(other) or PyUnicode_KIND(one) != PyUnicode_KIND(other):
        return False
    return memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other), length * PyUnicode_KIND(one)) == 0


cdef inline Entry *find(Names *names, PyObject *string) noexcept:
    """Return the entry of an exact string, NULL where there is none."""
    cdef Py_hash_t hash = PyObject_Hash(string)  # an exact string's: it is kept in the string, and cannot fail
    cdef size_t at = <size_t>hash & names.mask
    cdef Entry *entry
    while True:
        entry = &names.entries[at]
        if entry.name == NULL:
            return NULL
        if entry.name == string or (entry.hash == hash and same_string(entry.name, string)):
            return entry
        at = (at + 1) & names.mask


cdef inline uint8_t class_of(Walker *walker, int kind, void *data, Py_ssize_t at) noexcept:
    cdef uint32_t code = PyUnicode_READ(kind, data, at)
    return walker.classes[code if code < 256 else 255]


cdef inline bint ended(Walker *walker, uint32_t state) noexcept:
    """Whether no further character changes anything: the state is 0, which admits nothing, or one that admits all."""
    return state == 0 or state >= walker.sink


cdef inline bint is_exact(Walker *walker, PyObject *string) noexcept:
    """Whether a table is exact for a string. One that is not for newlines is taken for ASCII only."""
    if walker.beyond and walker.lines:
        return True
    if not PyUnicode_IS_ASCII(string):
        return False
    return walker.lines or memchr(PyUnicode_DATA(string), 10, <size_t>PyUnicode_GET_LENGTH(string)) == NULL


cdef int walk(Walker *walker, PyObject *string) noexcept:
    """Return whether a string is in the set of a table; -1 where the table cannot say."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(string), at = 0
    cdef int kind = PyUnicode_KIND(string)
    cdef void *data = PyUnicode_DATA(string)
    cdef const uint8_t *bytes_
    cdef const uint16_t *rows = walker.rows
    cdef uint32_t state = walker.start
    if length > LONGEST or not is_exact(walker, string):
        return UNKNOWN
    if kind == 1:
        bytes_ = <const uint8_t *>data
        while at < length and not ended(walker, state):
            state = (rows + walker.classes[bytes_[at]])[state]
            at += 1
    else:
        while at < length and not ended(walker, state):
            state = (rows + class_of(walker, kind, data, at))[state]
            at += 1
    return state >= walker.accepting


def longest(table, str string, /):
    """Return what the method of a table of `patterns.tables` does: how far a string goes, and the state after it."""
    cdef Py_hash_t made = hash(string)  # which completes a string of an API that ended with 3.12
    cdef Py_ssize_t length = len(string), at = 0
    cdef int kind = PyUnicode_KIND(<PyObject *>string)
    cdef void *data = PyUnicode_DATA(<PyObject *>string)
    cdef bytes rows, classes
    cdef const uint16_t *next_rows
    cdef const uint8_t *numbers
    cdef uint32_t state, after, code
    rows, classes, start, _, _, is_exact_beyond, is_exact_lines = table
    if not (PyUnicode_IS_ASCII(<PyObject *>string) or is_exact_beyond) or not (is_exact_lines or "\n" not in string):
        return None
    next_rows, numbers = <const uint16_t *><const char *>rows, <const uint8_t *><const char *>classes
    state = start
    while at < length:
        code = PyUnicode_READ(kind, data, at)
        after = (next_rows + numbers[code if code < 128 else 128])[state]
        if after == 0:
            break
        state = after
        at += 1
    return at, state


cdef double CUTOFF = 0.7  # that of `base.spelling`


def similar(str form, known, /):
    """Return what `base.spelling.similar` does, and names with characters beyond ASCII."""
    cdef uint8_t letters[128]
    cdef uint8_t left[128]
    cdef Py_hash_t made = hash(form)  # which completes a string of an API that ended with 3.12
    cdef Py_ssize_t length = len(form), other, at
    cdef int common
    cdef const uint8_t *data = <const uint8_t *>PyUnicode_DATA(<PyObject *>form)
    if length > 255 or not PyUnicode_IS_ASCII(<PyObject *>form):
        return list(known)
    memset(letters, 0, 128)
    for at in range(length):
        letters[data[at]] += 1
    found = []
    for each in known:
        if type(each) is not str or not PyUnicode_IS_ASCII(<PyObject *>each):
            found.append(each)
            continue
        memcpy(left, letters, 128)
        data, other, common = <const uint8_t *>PyUnicode_DATA(<PyObject *>each), len(<str>each), 0
        for at in range(other):
            if left[data[at]]:
                left[data[at]] -= 1
                common += 1
        if length + other and 2.0 * common / (length + other) >= CUTOFF:
            found.append(each)
    return found


cdef int walk_both(Walk *one, Walk *other) noexcept:
    """Return whether two strings are each in the set of a table: two walks at a time take little longer than one."""
    cdef Py_ssize_t first = PyUnicode_GET_LENGTH(one.string), second = PyUnicode_GET_LENGTH(other.string)
    cdef Py_ssize_t both = first if first < second else second, at = 0
    cdef const uint8_t *left
    cdef const uint8_t *right
    cdef uint32_t here = one.walker.start, there = other.walker.start
    cdef int found
    if (
        not (PyUnicode_IS_ASCII(one.string) and PyUnicode_IS_ASCII(other.string))
        or not (one.walker.lines and other.walker.lines)
        or first > LONGEST
        or second > LONGEST
    ):
        found = walk(one.walker, one.string)
        return walk(other.walker, other.string) if found == VALID else found
    left, right = <const uint8_t *>PyUnicode_DATA(one.string), <const uint8_t *>PyUnicode_DATA(other.string)
    while at < both and here and there:
        here = (one.walker.rows + one.walker.classes[left[at]])[here]
        there = (other.walker.rows + other.walker.classes[right[at]])[there]
        at += 1
    if not (here and there):
        return INVALID
    both = at
    while at < first and not ended(one.walker, here):
        here = (one.walker.rows + one.walker.classes[left[at]])[here]
        at += 1
    at = both
    while at < second and not ended(other.walker, there):
        there = (other.walker.rows + other.walker.classes[right[at]])[there]
        at += 1
    return here >= one.walker.accepting and there >= other.walker.accepting


cdef int finish_walks(State *state) noexcept:
    """Make the walks that wait."""
    cdef int at = 0, found
    while at + 1 < state.walk_count:
        found = walk_both(&state.walks[at], &state.walks[at + 1])
        if found != VALID:
            return found
        at += 2
    found = walk(state.walks[at].walker, state.walks[at].string) if at < state.walk_count else VALID
    state.walk_count = 0
    return found


cdef int number_of(PyObject *value, double *number) noexcept:
    """Find the number that a value is: 1 for one, 0 for what is none, -1 where that is not known."""
    cdef PyTypeObject *kind = Py_TYPE(value)
    cdef int overflow = 0
    cdef int64_t whole
    if kind is &PyLong_Type:
        whole = PyLong_AsLongLongAndOverflow(value, &overflow)
        if overflow or whole > EXACT_INTEGERS or whole < -EXACT_INTEGERS:
            return UNKNOWN
        number[0] = <double>whole
        return 1
    if kind is &PyFloat_Type:
        number[0] = PyFloat_AS_DOUBLE(value)
        return isfinite(number[0]) != 0
    return 0 if is_plain(value) else UNKNOWN


cdef inline bint is_plain(PyObject *value) noexcept:
    """Whether a value is exactly of a built-in type that JSON has."""
    cdef PyTypeObject *kind = Py_TYPE(value)
    return (kind is &PyUnicode_Type or kind is &PyLong_Type or kind is &PyDict_Type or kind is &PyList_Type
            or kind is &PyBool_Type or kind is &PyFloat_Type or value is Py_None)


cdef inline int is_type(PyObject *value, PyTypeObject *kind) noexcept:
    """Return whether a value is exactly of a type, -1 where it is of one that is not plain."""
    if value == NULL:
        return UNKNOWN
    if Py_TYPE(value) is kind:
        return 1
    return 0 if is_plain(value) else UNKNOWN


cdef int is_number(PyObject *value, double *number, bint whole) noexcept:
    """Return whether a value is a number, or a whole one; -1 where that is not known."""
    cdef int found
    if value == NULL:
        return UNKNOWN
    found = number_of(value, number)
    if found != 1 or not whole:
        return found
    if number[0] > EXACT_INTEGERS or number[0] < -EXACT_INTEGERS:
        return UNKNOWN
    return floor(number[0]) == number[0]


cdef inline Py_ssize_t length_of(PyObject *value) noexcept:
    """Return the length of a string, array or object, -1 of anything else."""
    if value == NULL:
        return -1
    if Py_TYPE(value) is &PyUnicode_Type:
        return PyUnicode_GET_LENGTH(value)
    if Py_TYPE(value) is &PyList_Type:
        return PyList_GET_SIZE(value)
    return PyDict_Size(value) if Py_TYPE(value) is &PyDict_Type else -1


cdef int one_of(PyObject *value, PyObject *choices) noexcept:
    """Return whether a value equals one of several scalars as JSON has it: 1 is 1.0, but true is not 1."""
    cdef Py_ssize_t at
    cdef PyObject *choice
    cdef double ours = 0.0, theirs = 0.0
    cdef int is_number
    if value == NULL or not is_plain(value):
        return UNKNOWN
    if Py_TYPE(value) is &PyUnicode_Type and not is_ready(value):
        return UNKNOWN
    is_number = number_of(value, &ours)
    if is_number < 0:
        return UNKNOWN
    for at in range(PyTuple_GET_SIZE(choices)):
        choice = PyTuple_GET_ITEM(choices, at)
        if is_number:
            if number_of(choice, &theirs) == 1 and ours == theirs:
                return 1
        elif value is choice and (value is Py_None or Py_TYPE(value) is &PyBool_Type):
            return 1
        elif Py_TYPE(value) is &PyUnicode_Type and Py_TYPE(choice) is &PyUnicode_Type and same_string(value, choice):
            return 1
    return 0


cdef bint bounded(PyObject *value, int levels, Py_ssize_t *strings) noexcept:
    """Return whether a parsed JSON value nests at most so many levels deep, and all its numbers are finite.

    Add its strings and names to `strings`. False for other types than those of JSON. No code of the value runs.
    """
    cdef PyTypeObject *kind = Py_TYPE(value)
    cdef Py_ssize_t at = 0
    cdef PyObject *key
    cdef PyObject *item
    if kind == &PyUnicode_Type:
        strings[0] += 1
        return True
    if kind == &PyFloat_Type:
        return isfinite(PyFloat_AS_DOUBLE(value))
    if kind == &PyDict_Type:
        while levels > 0 and PyDict_Next(value, &at, &key, &item):
            strings[0] += 1
            if not bounded(item, levels - 1, strings):
                return False
        return levels > 0
    if kind == &PyList_Type:
        while levels > 0 and at < PyList_GET_SIZE(value):
            if not bounded(PyList_GET_ITEM(value, at), levels - 1, strings):
                return False
            at += 1
        return levels > 0
    return kind == &PyLong_Type or kind == &PyBool_Type or value == Py_None


cdef bint has_long(const uint8_t *text, Py_ssize_t length) noexcept:
    """Return what `json_parsers.has_long` says: whether some block has digits only."""
    cdef Py_ssize_t start, at, end
    for start in range(0, length if length > 2 * DIGIT_BLOCK else 0, DIGIT_BLOCK):
        at, end = start, min(start + DIGIT_BLOCK, length)
        while at < end and 48 <= text[at] <= 57:
            at += 1
        if at == end:
            return True
    return False


cdef str KEYS = "keys"  # jiter caches names only, so that no value stays in memory
cdef tuple USUAL = ("allow_inf_nan", "cache_mode"), STRICT = (*USUAL, "catch_duplicate_keys")


@cython.final
cdef class Reader:
    """Parse usual JSON by jiter's `from_json`; `read` returns `unread` for a body that another parser must read.

    jiter takes half as long again to look for duplicate names. Without a backslash in the body, each string or name has
    two quotation marks, and jiter drops some of them where a name occurs twice. So both are counted.
    """

    cdef object parse, unread

    def __init__(self, parse, unread):
        self.parse, self.unread = parse, unread

    def read(self, bytes body not None, depth, /):
        """Return the value of a body that nests at most `depth` levels deep, and at most `LEVELS`."""
        cdef const uint8_t *text = <const uint8_t *><const char *>body
        cdef Py_ssize_t length = len(body), strings = 0, quotes = 0, at
        cdef bint has_escapes = memchr(text, 92, length) != NULL
        cdef PyObject *arguments[4]
        if has_long(text, length):
            return self.unread
        arguments[0], arguments[1] = <PyObject *>body, Py_False
        arguments[2], arguments[3] = <PyObject *>KEYS, Py_True
        try:  # a keyword each for all but the first
            value = PyObject_Vectorcall(
                <PyObject *>self.parse, arguments, 1, <PyObject *>STRICT if has_escapes else <PyObject *>USUAL
            )
        except ValueError:
            return self.unread
        if not bounded(<PyObject *>value, LEVELS if depth > LEVELS else depth, &strings):
            return self.unread
        for at in range(length):
            quotes += text[at] == 34
        return value if has_escapes or quotes == 2 * strings else self.unread


cdef bint service_span(PyObject *string, Py_ssize_t *start, Py_ssize_t *end) noexcept:
    """Find the service of an ARN, the third of at least four parts between colons; False for what is no ARN."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(string), at
    cdef int kind = PyUnicode_KIND(string), colons = 0
    cdef void *data = PyUnicode_DATA(string)
    if length < 6 or PyUnicode_READ(kind, data, 3) != 58:
        return False
    if PyUnicode_READ(kind, data, 0) != 97 or PyUnicode_READ(kind, data, 1) != 114:
        return False
    if PyUnicode_READ(kind, data, 2) != 110:
        return False
    for at in range(4, length):
        if PyUnicode_READ(kind, data, at) == 58:
            colons += 1
            if colons == 1:
                start[0] = at + 1
            else:
                end[0] = at
                return end[0] > start[0]
    return False


cdef inline void put(PyObject *made, Py_ssize_t at, PyObject *value) noexcept:
    """Put a value into a new tuple."""
    Py_INCREF(value)
    PyTuple_SET_ITEM(made, at, value)


cdef inline void fill(PyObject *made, Py_ssize_t slot, PyObject *value) noexcept:
    """Put a value into an empty slot of a new object."""
    Py_INCREF(value)
    (<PyObject **>(<char *>made + slot))[0] = value


cdef void release(State *state) noexcept:
    """Let go of the values of faults, which may run a destructor."""
    cdef int at
    for at in range(state.note_count):
        Py_XDECREF(state.notes[at].value)
    state.note_count = 0


@cython.final
cdef class Plan:
    """A plan that is ready to be executed; see `instructions.Program` for its parts."""

    cdef Instruction *code
    cdef Names *names
    cdef Walker *walkers
    cdef int32_t *functions
    cdef int32_t *sizes
    cdef int name_count
    cdef Fault *faults
    cdef int32_t *covering
    cdef readonly object fallback
    cdef tuple objects, tables, held, paths, pointers, constraints, rules
    cdef object record, shown, seen, pointer_text
    cdef Py_ssize_t slots[3]

    def __cinit__(self, program, fallback):
        cdef int index
        cdef tuple row
        cdef Instruction *made
        self.fallback, self.objects, self.tables = fallback, tuple(program.objects), tuple(program.tables)
        code, names, functions = program.code, program.names, program.functions
        self.held = tuple(tuple(each) for each in names)
        self.code = <Instruction *>PyMem_Calloc(len(code) + 1, sizeof(Instruction))
        self.names = <Names *>PyMem_Calloc(len(names) + 1, sizeof(Names))
        self.walkers = <Walker *>PyMem_Calloc(len(self.tables) + 1, sizeof(Walker))
        self.functions = <int32_t *>PyMem_Calloc(len(functions) + 1, sizeof(int32_t))
        self.sizes = <int32_t *>PyMem_Calloc(len(functions) + 1, sizeof(int32_t))
        self.put_faults(program.faults)
        if program.makes:
            self.record, self.shown, self.seen, self.pointer_text = program.makes
            for index, each in enumerate((self.shown._found, self.shown.pointer, self.shown.rule)):
                if Py_TYPE(<PyObject *>each) is not &PyMemberDescr_Type:
                    raise TypeError("a violation has slots")
                self.slots[index] = (<PyMemberDescrObject *><PyObject *>each).d_member.offset
        if not (self.code and self.names and self.walkers and self.functions and self.sizes):
            raise MemoryError
        for index, row in enumerate(code):
            made = &self.code[index]
            made.op, made.a, made.b, made.c, made.jump, made.sense, made.number = row
        for index, (start, size) in enumerate(functions):
            self.functions[index], self.sizes[index] = start, size
        for index, each in enumerate(self.held):
            self.name_count += 1
            self.put_names(&self.names[index], each)
        for index, each in enumerate(self.tables):
            self.put_walker(&self.walkers[index], each)

    cdef int put_faults(self, faults) except -1:
        """Take the faults that the plan can note. The numbers of those that cover one stand after each other."""
        cdef int index, at = 0
        self.paths = tuple(each.path for each in faults)
        self.pointers = tuple(each.pointer for each in faults)
        self.constraints = tuple(each.constraint for each in faults)
        self.rules = tuple(each.constraint.rule for each in faults)
        self.faults = <Fault *>PyMem_Calloc(len(faults) + 1, sizeof(Fault))
        self.covering = <int32_t *>PyMem_Calloc(sum(len(each.covering) for each in faults) + 1, sizeof(int32_t))
        if not (self.faults and self.covering):
            raise MemoryError
        for index, each in enumerate(faults):
            self.faults[index].rank, self.faults[index].first = each.rank, at
            for number in each.covering:
                self.covering[at] = number
                at += 1
            self.faults[index].end = at
        return 0

    cdef int put_names(self, Names *names, tuple rows) except -1:
        """Make a hash table of rows of a name, the index of its register, and whether an object may have it."""
        cdef size_t size = 8, at
        while size < 3 * <size_t>len(rows):
            size *= 2
        names.entries = <Entry *>PyMem_Calloc(size, sizeof(Entry))
        if not names.entries:
            raise MemoryError
        names.mask, names.count = size - 1, len(rows)
        for name, index, named in rows:
            if type(name) is not str:
                raise TypeError("a name is a string")
            at = <size_t>hash(name) & names.mask
            while names.entries[at].name != NULL:
                at = (at + 1) & names.mask
            names.entries[at].name = <PyObject *>name
            names.entries[at].hash = hash(name)
            names.entries[at].index, names.entries[at].named = index, named
        return 0

    cdef int put_walker(self, Walker *walker, table) except -1:
        """Take a table of `patterns.tables`: its rows stay where they are, in a bytes object that the plan holds."""
        cdef bytes rows = table.rows, classes = table.classes
        cdef int index
        walker.rows = <const uint16_t *><const char *>rows
        for index in range(256):
            walker.classes[index] = <uint8_t>classes[index if index < 128 else 128]
        walker.start, walker.accepting, walker.sink = table.start, table.accepting, table.sink
        walker.beyond, walker.lines = table.is_exact_beyond, table.is_exact_lines
        return 0

    def __dealloc__(self):
        cdef int index
        if self.names:
            for index in range(self.name_count):
                PyMem_Free(self.names[index].entries)
        PyMem_Free(self.faults)
        PyMem_Free(self.covering)
        PyMem_Free(self.code)
        PyMem_Free(self.names)
        PyMem_Free(self.walkers)
        PyMem_Free(self.functions)
        PyMem_Free(self.sizes)

    def check(self, payload):
        """Return whether a payload is valid, by the fallback where the plan does not know."""
        cdef State state
        cdef int found = self.execute(<PyObject *>payload, &state)
        release(&state)
        if found >= 0:
            return found == VALID
        if found == STOPPED:
            self.stop()
        return self.fallback(payload)

    def run(self, payload):
        """Return 1 for a valid payload, 0 for an invalid one, and -1 where the plan does not know."""
        cdef State state
        cdef int found = self.execute(<PyObject *>payload, &state)
        release(&state)
        if found == STOPPED:
            self.stop()
        return found

    def report(self, payload):
        """Return the violations of a payload in order, without needless ones: as they are recorded, and as users see
        them. Return None where the plan does not know.
        """
        cdef State state
        cdef int found = self.execute(<PyObject *>payload, &state)
        try:
            if found == STOPPED:
                self.stop()
            return self.made(&state) if found == VALID else None
        finally:
            release(&state)

    cdef tuple made(self, State *state):
        """Make the violations of faults. What is noted is owned, so that code may run."""
        cdef int order[NOTES]
        cdef int at, place
        for at in range(state.note_count):
            place = at
            while place and self.faults[state.notes[order[place - 1]].fault].rank > self.faults[state.notes[at].fault].rank:
                order[place] = order[place - 1]
                place -= 1
            order[place] = at
        place = 0
        for at in range(state.note_count):
            if not self.covered(state, &state.notes[order[at]]):
                order[place] = order[at]
                place += 1
        recorded, shown = PyTuple_New(place), PyTuple_New(place)
        for at in range(place):
            each = self.violation(&state.notes[order[at]])
            put(<PyObject *>recorded, at, <PyObject *>each)
            each = self.for_users(each, state.notes[order[at]].fault)
            put(<PyObject *>shown, at, <PyObject *>each)
        return recorded, shown

    cdef bint covered(self, State *state, Note *note) noexcept:
        """Whether another fault that is noted makes one needless."""
        cdef int at, other, number
        cdef bint is_empty = (
            note.value != NULL and Py_TYPE(note.value) is &PyUnicode_Type and PyUnicode_GET_LENGTH(note.value) == 0
        )
        for at in range(self.faults[note.fault].first, self.faults[note.fault].end):
            number = self.covering[at]
            if number < 0:
                if not is_empty:
                    continue
                number = -number - 1
            for other in range(state.note_count):
                if state.notes[other].fault == number:
                    return True
        return False

    cdef object violation(self, Note *note):
        """Make a recorded violation: a tuple of a path, a constraint and a value."""
        cdef PyObject *made
        cdef PyObject *constraint = PyTuple_GET_ITEM(<PyObject *>self.constraints, note.fault)
        value = <object>note.value if note.kind != NO_VALUE else None
        path = self.paths[note.fault]
        if path is None:
            path = (value,)
        if note.kind == SEEN:
            value = self.seen(value)
        made = (<PyTypeObject *>self.record).tp_alloc(<PyTypeObject *>self.record, 3)
        if made == NULL:
            raise MemoryError
        put(made, 0, <PyObject *>path)
        put(made, 1, constraint)
        put(made, 2, <PyObject *>value)
        result = <object>made
        Py_DECREF(made)
        return result

    cdef object for_users(self, recorded, int fault):
        """Make the violation that users see: an object of a class with three slots."""
        cdef PyObject *made = (<PyTypeObject *>self.shown).tp_alloc(<PyTypeObject *>self.shown, 0)
        if made == NULL:
            raise MemoryError
        result = <object>made
        Py_DECREF(made)
        pointer = self.pointers[fault] if self.paths[fault] is not None else self.pointer_text(recorded[0])
        fill(made, self.slots[0], <PyObject *>recorded)
        fill(made, self.slots[1], <PyObject *>pointer)
        fill(made, self.slots[2], PyTuple_GET_ITEM(<PyObject *>self.rules, fault))
        return result

    cdef int stop(self) except -1:
        """Raise the exception that is set."""
        return -1

    cdef int execute(self, PyObject *payload, State *state) noexcept:
        cdef int found, at
        state.walk_count = state.call_count = state.note_count = state.depth = 0
        memset(state.objects, 0, self.sizes[0] * sizeof(PyObject *))
        state.objects[0] = payload
        found = self.call(0, state, 0)
        for at in range(state.note_count):
            Py_XINCREF(state.notes[at].value)  # before any code can run
        if found == VALID and state.walk_count:
            found = finish_walks(state)
        if state.call_count:
            found = self.finish_calls(state, found)
        return found

    cdef int finish_calls(self, State *state, int found) noexcept:
        """Make the calls that wait, and let go of what they hold."""
        cdef int at, truth
        cdef PyObject *result
        for at in range(state.call_count):
            if found == VALID:
                result = PyObject_CallOneArg(state.calls[at].function, state.calls[at].argument)
                truth = -1
                if result != NULL:
                    truth = PyObject_IsTrue(result)
                    Py_DECREF(result)
                if truth >= 0:
                    found = truth == state.calls[at].expected
                elif PyErr_ExceptionMatches(PyExc_Exception):
                    PyErr_Clear()
                    found = UNKNOWN
                else:
                    found = STOPPED
        for at in range(state.call_count):
            Py_DECREF(state.calls[at].argument)  # may run a destructor: nothing borrowed is used any more
        return found

    cdef int open(self, State *state, Names *names, PyObject *owner, int base) noexcept:
        """Put the members of an object into registers from `base` on; the register before holds how many are others."""
        cdef Py_ssize_t at = 0
        cdef PyObject *keys[CHUNK]
        cdef PyObject *values[CHUNK]
        cdef Entry *entry
        cdef int others = 0, count = CHUNK, each
        memset(&state.objects[base], 0, names.count * sizeof(PyObject *))
        while count == CHUNK:
            count = 0  # first all are fetched from memory at once, then each is looked at
            while count < CHUNK and PyDict_Next(owner, &at, &keys[count], &values[count]):
                fetch(keys[count])
                fetch(values[count])
                count += 1
            for each in range(count):
                if Py_TYPE(keys[each]) is not &PyUnicode_Type:
                    return UNKNOWN
                entry = find(names, keys[each])
                if entry == NULL:
                    others += 1
                else:
                    state.objects[base + entry.index] = values[each]
                    others += not entry.named
        state.numbers[base - 1] = others
        return VALID

    cdef int service(self, Names *names, PyObject *value) noexcept:
        """Return the number of the service that a string names: 0 for none, the last for one without a number."""
        cdef Py_ssize_t start = 0, end = 0, at
        cdef Entry *entry
        cdef size_t index
        cdef bint equal
        if not service_span(value, &start, &end):
            return 0
        for index in range(names.mask + 1):
            entry = &names.entries[index]
            if entry.name != NULL and PyUnicode_GET_LENGTH(entry.name) == end - start:
                equal = True
                for at in range(end - start):
                    if PyUnicode_READ(PyUnicode_KIND(entry.name), PyUnicode_DATA(entry.name), at) != PyUnicode_READ(
                        PyUnicode_KIND(value), PyUnicode_DATA(value), start + at
                    ):
                        equal = False
                        break
                if equal:
                    return entry.index
        return names.count + 1

    cdef int call(self, int function, State *state, int base) noexcept:
        """Execute a function on the value in register `base`, and return what it finds."""
        cdef Instruction *code = self.code
        cdef Instruction *now = &code[self.functions[function]]
        cdef PyObject **objects = &state.objects[base]
        cdef double *numbers = &state.numbers[base]
        cdef PyObject *value
        cdef PyObject *key
        cdef Entry *entry
        cdef int found
        cdef Py_ssize_t at
        while True:
            value = objects[now.a]
            if now.op == OP_FAIL:
                return INVALID
            elif now.op == OP_PASS:
                return VALID
            elif now.op == OP_JUMP:
                now = &code[now.jump]
                continue
            elif now.op == OP_BEGIN:
                numbers[now.a] = 0
                now += 1
                continue
            elif now.op == OP_OPEN:
                if is_type(value, &PyDict_Type) != 1:
                    return UNKNOWN
                if self.open(state, &self.names[now.b], value, base + now.c) != VALID:
                    return UNKNOWN
                now += 1
                continue
            elif now.op == OP_SERVICE:
                numbers[now.c] = 0
                if value != NULL:
                    found = is_type(value, &PyUnicode_Type)
                    if found < 0 or (found and not is_ready(value)):
                        return UNKNOWN
                    if found:
                        numbers[now.c] = self.service(&self.names[now.b], value)
                now += 1
                continue
            elif now.op == OP_WALK_LATER:
                if value == NULL or Py_TYPE(value) is not &PyUnicode_Type:
                    return UNKNOWN
                if state.walk_count == WALKS:
                    found = finish_walks(state)
                    if found != VALID:
                        return found
                state.walks[state.walk_count].walker = &self.walkers[now.b]
                state.walks[state.walk_count].string = value
                state.walk_count += 1
                now += 1
                continue
            elif now.op == OP_CALL_LATER:
                if value == NULL or state.call_count == CALLS:
                    return UNKNOWN
                Py_INCREF(value)
                state.calls[state.call_count].function = PyTuple_GET_ITEM(<PyObject *>self.objects, now.b)
                state.calls[state.call_count].argument = value
                state.calls[state.call_count].expected = now.c
                state.call_count += 1
                now += 1
                continue
            elif now.op == OP_EACH_ITEM:  # a: the list, b: the item, c: the next index
                if value == NULL or Py_TYPE(value) is not &PyList_Type:
                    return UNKNOWN
                at = <Py_ssize_t>numbers[now.c]
                if at >= PyList_GET_SIZE(value):
                    now = &code[now.jump]
                    continue
                objects[now.b], numbers[now.c] = PyList_GET_ITEM(value, at), <double>(at + 1)
                now += 1
                continue
            elif now.op == OP_EACH_MEMBER:  # a: the object, b: the key, b + 1: its value, c: where the next one is
                if value == NULL or Py_TYPE(value) is not &PyDict_Type:
                    return UNKNOWN
                at = <Py_ssize_t>numbers[now.c]
                if not PyDict_Next(value, &at, &objects[now.b], &objects[now.b + 1]):
                    now = &code[now.jump]
                    continue
                if Py_TYPE(objects[now.b]) is not &PyUnicode_Type:
                    return UNKNOWN
                numbers[now.c] = <double>at
                now += 1
                continue
            elif now.op == OP_NOTE:  # a: the value, b: the fault, c: which value it has
                if state.note_count == NOTES or (now.c != NO_VALUE and value == NULL):
                    return UNKNOWN
                if now.c == EXACT and Py_TYPE(value) is &PyFloat_Type:  # a whole number is recorded as an integer
                    return UNKNOWN
                state.notes[state.note_count].fault, state.notes[state.note_count].kind = now.b, now.c
                state.notes[state.note_count].value = value if now.c != NO_VALUE else NULL
                state.note_count += 1
                now += 1
                continue
            elif now.op == OP_HAS:
                found = value != NULL
            elif now.op == OP_CLOSED:
                found = numbers[now.a] == 0
            elif now.op == OP_IS_STRING:
                found = is_type(value, &PyUnicode_Type)
                if found == 1 and not is_ready(value):
                    return UNKNOWN
            elif now.op == OP_IS_INTEGER:
                found = is_number(value, &numbers[now.a], True)
            elif now.op == OP_IS_NUMBER:
                found = is_number(value, &numbers[now.a], False)
            elif now.op == OP_IS_BOOLEAN:
                found = is_type(value, &PyBool_Type)
            elif now.op == OP_IS_NULL:
                found = UNKNOWN if value == NULL else value is Py_None
            elif now.op == OP_IS_ARRAY:
                found = is_type(value, &PyList_Type)
            elif now.op == OP_IS_OBJECT:
                found = is_type(value, &PyDict_Type)
            elif now.op == OP_LENGTH_BELOW:
                at = length_of(value)
                found = UNKNOWN if at < 0 else at < now.number
            elif now.op == OP_LENGTH_ABOVE:
                at = length_of(value)
                found = UNKNOWN if at < 0 else at > now.number
            elif now.op == OP_BELOW:
                found = numbers[now.a] < now.number
            elif now.op == OP_ABOVE:
                found = numbers[now.a] > now.number
            elif now.op == OP_EQUALS:
                if value == NULL or Py_TYPE(value) is not &PyUnicode_Type:
                    return UNKNOWN
                found = same_string(value, PyTuple_GET_ITEM(<PyObject *>self.objects, now.b))
            elif now.op == OP_LISTED:
                if value == NULL or Py_TYPE(value) is not &PyUnicode_Type or not is_ready(value):
                    return UNKNOWN
                found = find(&self.names[now.b], value) != NULL
            elif now.op == OP_MATCHES:
                if value == NULL or Py_TYPE(value) is not &PyUnicode_Type:
                    return UNKNOWN
                found = walk(&self.walkers[now.b], value)
            elif now.op == OP_SERVICE_IN:
                found = (now.b >> <int>numbers[now.a]) & 1
            elif now.op == OP_ONE_OF:
                found = one_of(value, PyTuple_GET_ITEM(<PyObject *>self.objects, now.b))
            elif now.op == OP_MEETS:
                found = UNKNOWN
                at = base + now.c  # the callee's registers are after ours
                if value != NULL and state.depth < NESTING and at + self.sizes[now.b] <= REGISTERS:
                    memset(&state.objects[at], 0, self.sizes[now.b] * sizeof(PyObject *))
                    state.objects[at], state.numbers[at] = value, numbers[now.a]
                    state.depth += 1
                    found = self.call(now.b, state, <int>at)
                    state.depth -= 1
            else:
                return UNKNOWN
            if found < 0:
                return UNKNOWN
            now = &code[now.jump] if found == now.sense else now + 1
