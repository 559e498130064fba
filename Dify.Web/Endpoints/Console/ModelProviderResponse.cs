using System.Text.Json.Serialization;
using Dify.Core.Models;
using Dify.Core.Models.Credentials;
using Dify.Core.Models.Providers;

namespace Dify.Web.Endpoints;

/// <summary>A text in Dify's form for two languages.</summary>
internal sealed record LocalText(
    [property: JsonPropertyName("en_US")] string EnUs, [property: JsonPropertyName("zh_Hans")] string ZhHans)
{
    public LocalText(string text)
        : this(text, text)
    {
    }
}

/// <summary>A provider as Dify's console API shows it; no credential is in it.</summary>
internal sealed record ModelProviderResponse(
    string Provider, LocalText Label, LocalText Description, IEnumerable<string> SupportedModelTypes,
    IEnumerable<string> ConfigurateMethods, CredentialSchemaResponse ProviderCredentialSchema,
    string PreferredProviderType, CustomConfigurationResponse CustomConfiguration, SystemConfigurationResponse SystemConfiguration)
{
    public static ModelProviderResponse From(ProviderState state) => new(
        state.Schema.Id,
        new LocalText(state.Schema.Label),
        new LocalText(state.Schema.Description),
        state.Schema.Types.Select(type => type.ToWire()),
        state.Schema.AcceptsAnyModel ? ["customizable-model", "predefined-model"] : ["predefined-model"],
        new CredentialSchemaResponse(state.Schema.Fields.Select(CredentialFieldResponse.From)),
        "custom",
        new CustomConfigurationResponse(state.Status == ProviderStatus.Ready ? "active" : "no-configure"),
        new SystemConfigurationResponse(false));
}

internal sealed record CredentialSchemaResponse(IEnumerable<CredentialFieldResponse> CredentialFormSchemas);

internal sealed record CredentialFieldResponse(string Variable, LocalText Label, string Type, bool Required, string Default, LocalText Placeholder)
{
    public static CredentialFieldResponse From(CredentialField field) => new(
        field.Name, new LocalText(field.Label), field.Secret ? "secret-input" : "text-input", field.Required, field.Default, new LocalText(field.Help));
}

internal sealed record CustomConfigurationResponse(string Status);

internal sealed record SystemConfigurationResponse(bool Enabled);

internal sealed record ModelResponse(
    string Model, LocalText Label, string ModelType, IReadOnlyList<string> Features, string FetchFrom,
    Dictionary<string, object> ModelProperties, bool Deprecated, string Status)
{
    public static ModelResponse From(ModelDescriptor model) => new(
        model.Reference.Name, new LocalText(model.Label), model.Type.ToWire(), model.Features, "predefined-model",
        Properties(model), false, "active");

    private static Dictionary<string, object> Properties(ModelDescriptor model)
    {
        var properties = new Dictionary<string, object> { ["context_size"] = model.ContextSize };
        if (model.Type == Core.Models.ModelType.Llm)
        {
            properties["mode"] = "chat";
        }

        return properties;
    }
}

internal sealed record ParameterRuleResponse(
    string Name, LocalText Label, LocalText Help, string Type, bool Required, double? Default, double? Min, double? Max, IReadOnlyList<string> Options)
{
    public static ParameterRuleResponse From(ModelParameter parameter) => new(
        parameter.Name, new LocalText(parameter.Label), new LocalText(parameter.Help), parameter.Kind, false,
        parameter.Default, parameter.Min, parameter.Max, parameter.Options);
}
