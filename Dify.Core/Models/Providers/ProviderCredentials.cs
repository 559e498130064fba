using System.Globalization;

namespace Dify.Core.Models.Providers;

/// <summary>Opened credentials of one provider. Never logged, never sent back; <see cref="ToString"/> hides them.</summary>
public sealed class ProviderCredentials(ProviderSchema schema, IReadOnlyDictionary<string, string> values)
{
    public ProviderSchema Schema { get; } = schema;

    public IReadOnlyDictionary<string, string> Values { get; } = values;

    /// <summary>The value, else the field's default; empty when neither is there.</summary>
    public string this[string name] =>
        Values.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : Schema.Fields.FirstOrDefault(field => field.Name == name)?.Default ?? "";

    public int Number(string name) => int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The base address with a closing slash, so that relative paths append to it.</summary>
    public Uri BaseAddress => new(this["base_url"].TrimEnd('/') + "/", UriKind.Absolute);

    /// <summary>Takes the secret values out of a text, such as an error of the vendor that quotes the key.</summary>
    public string Redact(string text)
    {
        foreach (var field in Schema.Fields)
        {
            if (field.Secret && Values.TryGetValue(field.Name, out var secret) && secret.Length > 3)
            {
                text = text.Replace(secret, "***", StringComparison.Ordinal);
            }
        }

        return text;
    }

    public override string ToString() => $"credentials of {Schema.Id}";
}
