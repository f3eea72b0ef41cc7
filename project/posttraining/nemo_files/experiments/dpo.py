"""Direct preference optimization, as in `dpo.yaml`."""

from pconfigs.pinnable import Omitted
from project.posttraining.nemo_files.algorithms import DpoConfig
from project.posttraining.nemo_files.data import (
    DataConfig,
    TrainConfig,
    ValidationConfig,
)
from project.posttraining.nemo_files.dtensor import DtensorConfig
from project.posttraining.nemo_files.experiments.grpo import config as grpo_config
from project.posttraining.nemo_files.logger import (
    LoggerConfig,
    MlflowConfig,
    SwanlabConfig,
    WandbConfig,
)
from project.posttraining.nemo_files.machines import CheckpointingConfig, ClusterConfig
from project.posttraining.nemo_files.megatron import (
    CheckpointConfig,
    MegatronConfig,
    OptimizerConfig,
    PeftConfig,
    SchedulerConfig,
)
from project.posttraining.nemo_files.nemo_file import NemoFile, given
from project.posttraining.nemo_files.policy import (
    DynamicBatchingConfig,
    KwargsConfig,
    PolicyConfig,
    PolicyOptimizerConfig,
    PolicySchedulerConfig,
    SchedulerKwargsConfig,
    SequencePackingConfig,
    TokenizerConfig,
)

config = NemoFile(
    grpo_config,
    grpo=Omitted,
    reward_penalties=Omitted,
    loss_fn=Omitted,
    checkpointing=CheckpointingConfig(
        grpo_config.checkpointing,
        checkpoint_dir="results/dpo",
        metric_name="val:validation-default_loss",
        higher_is_better=False,
        save_period=50,
        model_save_format=Omitted,
        save_consolidated=Omitted,
    ),
    policy=PolicyConfig(
        grpo_config.policy,
        model_name="meta-llama/Llama-3.2-1B-Instruct",
        tokenizer=TokenizerConfig(
            grpo_config.policy.tokenizer,
            name="meta-llama/Llama-3.2-1B-Instruct",
            use_fastokens=Omitted,
        ),
        hf_config_overrides=Omitted,
        train_global_batch_size=128,
        train_micro_batch_size=2,
        generation_batch_size=Omitted,
        max_total_sequence_length=1024,
        logprob_chunk_size=Omitted,
        dtensor_cfg=DtensorConfig(
            grpo_config.policy.dtensor_cfg,
            _v2=Omitted,
            env_vars={"PYTORCH_CUDA_ALLOC_CONF": ""},
            clear_cache_every_n_steps=None,
        ),
        megatron_cfg=MegatronConfig(
            grpo_config.policy.megatron_cfg,
            model_overrides=Omitted,
            checkpoint=CheckpointConfig(
                grpo_config.policy.megatron_cfg.checkpoint,
                async_save=False,
                ckpt_assume_constant_structure=False,
            ),
            tensor_model_parallel_size=2,
            sequence_parallel=True,
            freeze_moe_router=False,
            moe_router_load_balancing_type="aux_loss",
            moe_router_bias_update_rate=0.001,
            mtp_num_layers=Omitted,
            mtp_loss_scaling_factor=Omitted,
            mtp_use_repeated_layer=Omitted,
            mtp_detach_heads=Omitted,
            peft=PeftConfig(grpo_config.policy.megatron_cfg.peft, lora_dtype=None),
            optimizer=OptimizerConfig(
                grpo_config.policy.megatron_cfg.optimizer,
                min_lr=5e-06,
                weight_decay=0.1,
                adam_beta2=0.98,
            ),
            scheduler=SchedulerConfig(
                grpo_config.policy.megatron_cfg.scheduler,
                lr_decay_iters=Omitted,
                lr_warmup_iters=1,
                lr_warmup_init=1e-08,
            ),
            env_vars=Omitted,
        ),
        draft=Omitted,
        dynamic_batching=DynamicBatchingConfig(
            grpo_config.policy.dynamic_batching,
            sequence_length_round=Omitted,
        ),
        sequence_packing=SequencePackingConfig(
            grpo_config.policy.sequence_packing,
            enabled=False,
            algorithm=Omitted,
            microbatch_order=Omitted,
            sequence_length_round=Omitted,
        ),
        optimizer=PolicyOptimizerConfig(
            given(grpo_config.policy.optimizer),
            kwargs=KwargsConfig(
                given(grpo_config.policy.optimizer).kwargs,
                weight_decay=0.1,
                betas=[0.9, 0.98],
                eps=1e-05,
                foreach=False,
                fused=False,
            ),
        ),
        scheduler=[
            PolicySchedulerConfig(
                given(grpo_config.policy.scheduler)[0],
                kwargs=SchedulerKwargsConfig(
                    given(grpo_config.policy.scheduler)[0].kwargs,
                    total_iters=20,
                ),
            ),
            given(grpo_config.policy.scheduler)[1],
            PolicySchedulerConfig(given(grpo_config.policy.scheduler)[2], milestones=[20]),
        ],
        generation=Omitted,
    ),
    data=DataConfig(
        grpo_config.data,
        use_multiple_dataloader=Omitted,
        train=TrainConfig(
            grpo_config.data.train,
            dataset_name="HelpSteer3",
            split_validation_size=Omitted,
            split="train",
        ),
        validation=ValidationConfig(
            dataset_name="HelpSteer3",
            split="validation",
            repeat=Omitted,
        ),
        default=Omitted,
    ),
    env=Omitted,
    logger=LoggerConfig(
        grpo_config.logger,
        wandb=WandbConfig(
            grpo_config.logger.wandb,
            project="dpo-dev",
            name="dpo",
            log_nemo_gym_full_result_tables=Omitted,
        ),
        swanlab=SwanlabConfig(
            grpo_config.logger.swanlab,
            project="dpo-dev",
            name="dpo",
        ),
        tensorboard={"log_dir": "tb_logs-dpo-dev"},
        mlflow=MlflowConfig(
            grpo_config.logger.mlflow,
            experiment_name="dpo-dev",
            run_name="dpo",
        ),
    ),
    cluster=ClusterConfig(
        grpo_config.cluster,
        master_port_range_low=Omitted,
        master_port_range_high=Omitted,
    ),
    data_plane=Omitted,
    on_policy_distillation=Omitted,
    dpo=DpoConfig(),
)
