"""Compile a JSON Schema into Python functions that validate a payload, and make messages for violations.

A schema is compiled into two functions: a *verdict*, which returns True or False, and a *report*, which returns the
violations. For example, this schema

    {"type": "object",
     "required": ["Name"],
     "properties": {"Name": {"type": "string", "maxLength": 64},
                    "Size": {"type": "integer", "minimum": 1}},
     "additionalProperties": false}

becomes the verdict below. The report is made by the same emitters. Only the code after a failed check differs: a
verdict returns False, a report records a violation and goes on.

    def check(instance):
     v1 = instance
     if (type(v1) is not dict and (v1 := as_object(instance)) is None):
      return False
     if 'Name' not in v1:
      return False
     count_v1 = 1
     v2 = v1['Name']
     if (type(v2) is not str and (v2 := as_string(v2)) is None):
      return False
     if len(v2) > 64:
      return False
     if 'Size' in v1:
      count_v1 += 1
      v3 = v1['Size']
      if (type(v3) is not int and (v3 := as_integer(v3)) is None):
       return False
      if v3 < 1:
       return False
     if count_v1 != len(v1) and not named_8.issuperset(v1):
      return False
     return True

The steps, each in its own module:

1. `vocabulary` checks that each keyword is supported and has a valid argument.
2. `layout` orders the keywords of one schema. `assertions`, `applicators` and `conditions` emit the code of each
   keyword, as a tree of the nodes in `nodes`. `context` holds the state that emitters share. Its `facts` are what the
   code emitted so far has found out: which variable holds the value of a member, or the service in an ARN.
   A fact holds for all later code, since a verdict returns at the first failure.
3. `passes` optimise the tree: cheap checks move to the front, and checks with a known result are removed.
4. `printer` turns the tree into Python source, and `compile` turns the source into a function. A report of an edition
   is compiled by need: the checks of a member are compiled when a payload first has it.

The native engine uses the same tree. `plan` compiles it into a list of instructions for the optional module
`native/_engine.pyx`, which handles values of exact built-in types. `assembler` makes the instructions, `members` finds
the members that a function reads, and `program` collects the parts.
`native/instructions.py` shows an example.

Terms: an *emitter* is a function that returns the code for a keyword. A *place* is a value that the generated code
checks, with its path and its variable. The *policy* holds the settings of the validator, such as disabled rules. A
*constraint* is a keyword at one place of a schema, as a report records it. `messages` makes the sentence from it when
the message is first read.
"""
