using System.Text;
using Jint;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Dify.Core.Sandbox.JavaScript;

/// <summary>The <c>console</c> of a script, limited in size.</summary>
internal sealed class ScriptConsole(int maxBytes)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _error = new();

    public string Text => _text.ToString();

    public string Error => _error.ToString();

    public void AddTo(Engine engine)
    {
        var console = new JsObject(engine);
        foreach (var (name, target) in new[] { ("log", _text), ("info", _text), ("debug", _text), ("error", _error), ("warn", null) })
        {
            console.FastSetDataProperty(name, new ClrFunction(engine, name, (_, arguments) => Write(target, arguments)));
        }

        engine.SetValue("console", console);
    }

    private JsValue Write(StringBuilder? target, JsValue[] arguments)
    {
        if (target is null)
        {
            return JsValue.Undefined;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var text = TypeConverter.ToString(arguments[i]);
            if (_text.Length + _error.Length + text.Length > maxBytes)
            {
                throw new TooMuchException();
            }

            target.Append(i == 0 ? "" : " ").Append(text);
        }

        target.Append('\n');
        return JsValue.Undefined;
    }

    internal sealed class TooMuchException : Exception;
}
