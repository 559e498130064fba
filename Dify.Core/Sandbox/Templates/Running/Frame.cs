namespace Dify.Core.Sandbox.Templates.Running;

/// <summary>Names of a scope. Reading looks outwards, setting stays inside.</summary>
internal sealed class Frame(Run run, Frame? outer)
{
    private Dictionary<string, object?>? _names;

    public Run Run { get; } = run;

    public object? Find(string name)
    {
        for (var frame = this; frame is not null; frame = frame.Outer)
        {
            if (frame._names is not null && frame._names.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return Run.Find(name);
    }

    public void Set(string name, object? value) => (_names ??= new Dictionary<string, object?>(StringComparer.Ordinal))[name] = value;

    private Frame? Outer { get; } = outer;
}
