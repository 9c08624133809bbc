"""From a JSON Schema to Python functions that validate, and from a violation to a sentence.

A schema is compiled twice, into a verdict, which returns True or False, and into a report, which returns violations:

    {"type": "object",
     "required": ["Name"],
     "properties": {"Name": {"type": "string", "maxLength": 64},
                    "Size": {"type": "integer", "minimum": 1}},
     "additionalProperties": false}

becomes this verdict. A report is made by the same emitters; only what follows a check that fails is different.

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

The way there, each step in a module of its own:

1. `vocabulary` refuses a keyword that is not known, or whose argument is wrong.
2. `layout` orders the keywords of one schema; `assertions`, `applicators` and `conditions` emit the code of each as
   values, which are defined in `nodes`. `context` holds what emitters share, such as the `facts` found so far. Facts
   hold for all code that comes after, since a verdict leaves at once: which variable holds the exact value of a member,
   which service an ARN names (`arns`). `match_cache` wraps the code of a string whose matches are remembered.
3. `passes` rewrite the nodes: cheap checks come first, what is known is not asked again, and dead code goes.
4. `printer` makes text of the nodes, and `compile` a function of the text.

The tree of a verdict has a second printer: `plan` makes a plan of it, a list of instructions that the optional module
`native/_engine.pyx` executes over values of exact built-in types. `assembler` prints the nodes, `members` finds which
members a function asks for, and `program` collects the parts. `native/instructions.py` shows a schema and its plan.

What a report records of a broken keyword is its `Constraint` (`constraints`). Its message is made when it is first
read (`messages`).
"""
