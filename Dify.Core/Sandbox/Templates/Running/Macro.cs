using System.Text;
using Dify.Core.Sandbox.Templates.Parsing;
using Dify.Core.Sandbox.Templates.Values;

namespace Dify.Core.Sandbox.Templates.Running;

/// <summary>A macro, or the body of a call block as <c>caller</c>.</summary>
internal sealed class Macro(string name, MacroBody body, Frame frame)
{
    public string Name { get; } = name;

    public object? Call(Run run, Arguments arguments)
    {
        run.Enter();
        var inner = new Frame(run, frame);
        var named = new Dictionary<string, object?>(arguments.Named, StringComparer.Ordinal);
        BindParameters(arguments, named, inner);
        BindExtras(arguments, named, inner);
        var text = new StringBuilder();
        Block.Render(body.Body, inner, text);
        run.Leave();
        return text.ToString();
    }

    public bool TryGet(string attribute, out object? value)
    {
        value = attribute switch
        {
            "name" => Name,
            "arguments" => new PyTuple([.. body.Parameters]),
            "catch_kwargs" => body.UsesKwargs,
            "catch_varargs" => body.UsesVarargs,
            "caller" => body.UsesCaller,
            _ => null,
        };
        return value is not null;
    }

    private void BindParameters(Arguments arguments, Dictionary<string, object?> named, Frame inner)
    {
        for (var i = 0; i < body.Parameters.Count; i++)
        {
            var parameter = body.Parameters[i];
            var fallback = i - (body.Parameters.Count - body.Defaults.Count);
            var isNamed = named.Remove(parameter, out var value);
            if (i < arguments.Positional.Count)
            {
                value = isNamed
                    ? throw PyException.TypeError($"macro '{Name}' got multiple values for argument '{parameter}'")
                    : arguments.Positional[i];
            }
            else if (!isNamed)
            {
                value = fallback >= 0 ? body.Defaults[fallback].Evaluate(inner) : new Undefined($"parameter '{parameter}' was not provided");
            }

            inner.Set(parameter, value);
        }
    }

    private void BindExtras(Arguments arguments, Dictionary<string, object?> named, Frame inner)
    {
        if (body.UsesCaller)
        {
            inner.Set("caller", named.Remove("caller", out var caller) ? caller : new Undefined("No caller defined"));
        }

        if (body.UsesKwargs)
        {
            var rest = new PyDict();
            foreach (var (key, value) in named)
            {
                rest.Set(key, value);
            }

            inner.Set("kwargs", rest);
        }
        else if (named.Count > 0)
        {
            throw PyException.TypeError(named.ContainsKey("caller")
                ? $"macro '{Name}' was invoked with two values for the special caller argument. This is most likely a bug."
                : $"macro '{Name}' takes no keyword argument '{named.Keys.First()}'");
        }

        if (body.UsesVarargs)
        {
            inner.Set("varargs", new PyTuple([.. arguments.Positional.Skip(body.Parameters.Count)]));
        }
        else if (arguments.Positional.Count > body.Parameters.Count)
        {
            throw PyException.TypeError($"macro '{Name}' takes not more than {body.Parameters.Count} argument(s)");
        }
    }
}
