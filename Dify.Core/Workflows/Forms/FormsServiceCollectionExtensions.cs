using Microsoft.Extensions.DependencyInjection;

namespace Dify.Core.Workflows.Forms;

internal static class FormsServiceCollectionExtensions
{
    public static IServiceCollection AddForms(this IServiceCollection services)
    {
        services.AddSingleton<IFormDesk, FormDesk>();
        services.AddSingleton<FormAnswers>();
        services.AddSingleton<FormService>();
        services.AddSingleton<FormExpiry>();
        services.AddHostedService(provider => provider.GetRequiredService<FormExpiry>());
        return services;
    }
}
