using System.Text;
using System.Text.Json.Nodes;

namespace Dify.Core.Sandbox.Python;

/// <summary>
/// The script around the code of a user. It imports nothing on its way (each import costs milliseconds), keeps the
/// real output for itself before the code can replace it, and leaves its own lines out of a traceback.
/// </summary>
internal static class PythonScript
{
    private const string Frame = """
        def _run(code, inputs, mark):
            import sys
            out, err, name = sys.stdout, sys.stderr, "main.py"
            def encode(value):
                try:
                    from _json import make_encoder, encode_basestring_ascii as quote
                    return "".join(make_encoder({}, refuse, quote, None, ": ", ", ", False, False, False)(value, 0))
                except (ImportError, AttributeError):
                    import json
                    return json.dumps(value, allow_nan=False)
            def refuse(value):
                raise TypeError(f"Object of type {value.__class__.__name__} is not JSON serializable")
            try:
                scope = {"__name__": "__main__", "__builtins__": __builtins__}
                exec(compile(code, name, "exec", dont_inherit=True), scope)
                if "main" not in scope:
                    raise NameError("name 'main' is not defined")
                text = encode(scope["main"](**inputs))
                out.write("\n" + mark + text + mark + "\n")
                out.flush()
                return 0
            except BaseException as problem:
                import linecache, traceback
                linecache.cache[name] = (len(code), None, code.splitlines(True), name)
                trace = problem.__traceback__
                while trace is not None and trace.tb_frame.f_code.co_filename != name:
                    trace = trace.tb_next
                err.write("".join(traceback.format_exception(type(problem), problem, trace)))
                err.flush()
                return 1
            finally:
                code = None
        """;

    public static string Of(string code, JsonObject inputs, string mark)
    {
        var script = new StringBuilder(Frame, Frame.Length + code.Length + 1024);
        script.Append("\n_code = _run(");
        PythonLiteral.AppendText(script, code);
        script.Append(", ");
        PythonLiteral.Append(script, inputs);
        script.Append(", \"").Append(mark).Append("\")\nif _code:\n    raise SystemExit(_code)\n");
        return script.ToString();
    }
}
